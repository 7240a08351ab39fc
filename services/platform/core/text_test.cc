// SPDX-License-Identifier: Apache-2.0
#include "platform/core/text.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstdlib>

namespace zonelink {
namespace {

using namespace std::string_view_literals;

TEST(TextFault, CleanTextHasNone) {
  for (const std::string_view text :
       {""sv, "plain"sv, "上海示例澄港国际贸易有限公司"sv, "〇二〇：（甲）、乙　丙"sv,
        "Ünïcode é ß"sv, "Ａ１ ﾃｽﾄ"sv, "한국어"sv, "𠮷野家 𪚥"sv, "🚢"sv, "a\u00a0b"sv,
        "\u0438\u0439"sv}) {
    EXPECT_EQ(TextFault(text, false), std::nullopt) << text;
  }
}

// U+2EBF0, for people's names since GB 18030-2022's amendment.
TEST(TextFault, KnowsExtensionI) {
  EXPECT_EQ(TextFault("\xf0\xae\xaf\xb0", false), std::nullopt);
  EXPECT_EQ(TextFault("\xf0\xae\xb9\x9e", false), "INVISIBLE_CHARACTER");  // U+2EE5E
}

TEST(TextFault, RefusesWhatIsNotUtf8) {
  for (const std::string_view text : {
           "\x80"sv,              // continuation alone
           "\xc0\xaf"sv,          // overlong /
           "\xe0\x80\xaf"sv,      // overlong /
           "\xf0\x80\x80\xaf"sv,  // overlong /
           "\xc1\xbf"sv,          // overlong DEL
           "\xed\xa0\x80"sv,      // surrogate D800
           "\xed\xbf\xbf"sv,      // surrogate DFFF
           "\xf4\x90\x80\x80"sv,  // past U+10FFFF
           "\xf8\x88\x80\x80\x80"sv, "\xfe"sv, "\xff"sv,
           "\xe4\xb8"sv,  // cut
           "ok\xe4\xb8 ok"sv,
           "\xc4\xe3\xba\xc3"sv,  // GBK
           "\x01\xff"sv,          // worse than the control before it
       }) {
    EXPECT_EQ(TextFault(text, true), "BAD_UTF8");
  }
}

TEST(TextFault, RefusesControls) {
  for (const std::string_view text : {"\0"sv, "a\0b"sv, "\x01"sv, "\x08"sv, "\x0b"sv, "\x0c"sv,
                                      "\x1b[31m"sv, "\x7f"sv, "\u0080"sv, "\u0085"sv, "\u009b"sv}) {
    EXPECT_EQ(TextFault(text, false), "CONTROL_CHARACTER");
    EXPECT_EQ(TextFault(text, true), "CONTROL_CHARACTER");
  }
}

TEST(TextFault, LineBreaksAndTabsOnlyInLongTexts) {
  for (const std::string_view text : {"a\nb"sv, "a\r\nb"sv, "a\tb"sv}) {
    EXPECT_EQ(TextFault(text, false), "CONTROL_CHARACTER");
    EXPECT_EQ(TextFault(text, true), std::nullopt);
  }
}

TEST(TextFault, RefusesTheInvisible) {
  for (const std::string_view text : {
           "a\u202eb"sv, "\u202a"sv,     "\u2066x\u2069"sv, "\u200e"sv,  // bidi controls
           "a\u200bb"sv, "\u200c"sv,     "\u200d"sv,        "\u2060"sv,
           "\ufeff"sv,   "\u00ad"sv,  // zero width
           "\u034f"sv,   "\u115f"sv,     "\u3164"sv,        "\uffa0"sv,
           "\u180e"sv,   "\u2800"sv,                      // blanks
           "\ufe0f"sv,   "\U000e0100"sv, "\U000e0041"sv,  // selectors and tags
           "\u2028"sv,   "\u2029"sv,                      // separators
           "\ue000"sv,   "\U0010fffd"sv,                  // private use
           "\u0378"sv,   "\uffff"sv,     "\U0001ffff"sv,  // unassigned
       }) {
    EXPECT_EQ(TextFault(text, true), "INVISIBLE_CHARACTER") << text;
  }
}

TEST(TextFault, RefusesWhatIsNotNfc) {
  for (const std::string_view text : {
           "e\u0301"sv,             // é taken apart
           "\u0438\u0306"sv,        // й taken apart
           "\u1112\u1161\u11ab"sv,  // 한 taken apart
           "\u212b"sv,              // Ångström's own sign
           "\uf900"sv,              // CJK compatibility ideograph
           "\u0041\u0327\u030a"sv,  // composes across a mark
           "\u0958"sv,              // excluded from composition
       }) {
    EXPECT_EQ(TextFault(text, false), "NOT_NFC") << text;
  }
}

// What is taken for inert without a look at the tables must be so, alone and after a letter.
TEST(TextFault, AgreesWithTheTablesOnEveryCodePoint) {
  for (utf8proc_int32_t c = 0xa0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    utf8proc_uint8_t bytes[4];
    const auto size = static_cast<size_t>(utf8proc_encode_char(c, bytes));
    for (const char* before : {"", "o"}) {
      const std::string text = before + std::string(reinterpret_cast<char*>(bytes), size);
      const auto fault = TextFault(text, false);
      if (fault && *fault != "NOT_NFC") continue;
      auto* nfc = utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str()));
      EXPECT_EQ(text == reinterpret_cast<char*>(nfc), !fault.has_value()) << std::hex << c;
      std::free(nfc);
    }
  }
}

TEST(CodePoints, CountsCharactersNotBytes) {
  EXPECT_EQ(CodePoints(""), 0u);
  EXPECT_EQ(CodePoints("abc"), 3u);
  EXPECT_EQ(CodePoints("中文"), 2u);
  EXPECT_EQ(CodePoints("𠮷a"), 2u);
}

constexpr std::string_view kValid[] = {"91310000XY0001015T", "91440000XY0001381R",
                                       "91120000XY00017524", "91350000XY00021220"};

TEST(ValidUscc, AcceptsTheSamples) {
  for (const auto code : kValid) EXPECT_TRUE(ValidUscc(code)) << code;
}

TEST(ValidUscc, RefusesEveryChangeOfOneCharacter) {
  for (const auto code : kValid) {
    for (size_t at = 0; at < code.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string changed(code);
        changed[at] = static_cast<char>(c);
        if (changed != code) {
          ASSERT_FALSE(ValidUscc(changed)) << changed;
        }
      }
    }
  }
}

// A wrong check digit of the organisation code under every final check character there is.
TEST(ValidUscc, ChecksTheOrganisationCodeToo) {
  for (const char organisation_check : "012346789X"sv) {
    for (const char final_check : "0123456789ABCDEFGHJKLMNPQRTUWXY"sv) {
      std::string code = "91310000XY000101";
      code += organisation_check;
      code += final_check;
      EXPECT_FALSE(ValidUscc(code)) << code;
    }
  }
}

TEST(ValidUscc, RefusesOtherShapes) {
  for (const std::string_view code :
       {""sv, "91310000XY0001015"sv, "91310000XY0001015TT"sv, "91310000xy0001015t"sv,
        " 91310000XY0001015T"sv, "9131000OXY0001015T"sv, "９1310000XY0001015T"sv,
        "000000000000000000"sv, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv}) {
    EXPECT_FALSE(ValidUscc(code)) << code;
  }
}

TEST(Skeleton, LookAlikesShareOne) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"admin", "ADMIN"},
      {"admin", "\u0430dmin"},  // Cyrillic а
      {"admin", "ａｄｍｉｎ"},  // full width
      {"admin", "adm1n"},
      {"admin", "adrnin"},
      {"admin", "ádmin"},
      {"admin", "adm\u0131n"},  // dotless ı
      {"zero", "zer0"},
      {"OSCAR", "0\u0455car"},  // zero, Cyrillic ѕ
      {"lisa", "1isa"},
      {"lisa", "Iisa"},
      {"lisa", "|isa"},
      {"www", "vvww"},
      {"paypal", "\u0440\u0430\u0443\u0440\u0430\u04cf"},
      {"HELEN", "\u0397\u0395L\u0395\u039d"},  // Greek capitals
      {"verifier-zhejiang", "veri\ufb01er-zhejiang"},
      {"x2", "x\u00b2"},
      {"kelvin", "\u212aelvin"},
      {"strasse", "stra\u00dfe"},
      {"上海", "上海"},
  };
  for (const auto& [one, other] : pairs) EXPECT_EQ(Skeleton(one), Skeleton(other)) << other;
}

TEST(Skeleton, DifferentNamesDiffer) {
  const std::pair<std::string_view, std::string_view> pairs[] = {
      {"ent-shanghai", "ent-guangdong"},
      {"inspector2-jiangsu", "inspector3-jiangsu"},
      {"verifier-hubei", "verifier2-hubei"},
      {"reviewer-hunan", "reviewer-hainan"},
      {"上海", "海南"},
      {"", "a"},
      {"reviewer-shaanxi", "reviewer-shanxi"},
      {"verifier-hebei", "verifier-hubei"},
  };
  for (const auto& [one, other] : pairs) EXPECT_NE(Skeleton(one), Skeleton(other)) << other;
}

TEST(Skeleton, OfASkeletonIsItself) {
  for (const std::string_view name : {"Admin-01"sv, "rrnn vvv"sv, "ÀΗηЖщ"sv, "ﬁ½"sv, "中文Ｑ"sv}) {
    EXPECT_EQ(Skeleton(Skeleton(name)), Skeleton(name)) << name;
  }
}

}  // namespace
}  // namespace zonelink
