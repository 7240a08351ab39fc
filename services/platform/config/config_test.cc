// SPDX-License-Identifier: Apache-2.0
#include "platform/config/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace zonelink::config {
namespace {

constexpr std::string_view kWhole = R"(# A whole configuration.
http:
  address: 0.0.0.0
  port: 0
  admin_port: 9090
  tls_certificate_file: /etc/zonelink/tls.pem
grpc:
  base_port: 9101
  callers: {gateway: zonelink.ledger.v1.LedgerService, worklist: ""}
peers:
  directory: "localhost:9101"
  recognition: localhost:9102
database:
  url: "host=/run/zonelink dbname=zonelink"
  pool_size: 8
  service_urls:
    recognition: 'host=other'
auth:
  secret_file: /etc/zonelink/secret
clock:
  controllable: true
limits:
log:
  level: warn
)";

TEST(Config, ReadsEveryKindOfField) {
  const auto config = Parse(kWhole, "zonelink.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->http().address(), "0.0.0.0");
  EXPECT_TRUE(config->http().has_port());
  EXPECT_EQ(config->http().port(), 0u);
  EXPECT_EQ(config->http().admin_port(), 9090u);
  EXPECT_EQ(config->grpc().base_port(), 9101u);
  EXPECT_EQ(config->grpc().callers().at("gateway"), "zonelink.ledger.v1.LedgerService");
  EXPECT_EQ(config->grpc().callers().at("worklist"), "");
  EXPECT_EQ(config->peers().at("directory"), "localhost:9101");
  EXPECT_EQ(config->peers().size(), 2u);
  EXPECT_EQ(config->database().service_urls().at("recognition"), "host=other");
  EXPECT_EQ(config->database().pool_size(), 8u);
  EXPECT_TRUE(config->clock().controllable());
  EXPECT_EQ(config->log().level(), "warn");
}

TEST(Config, WhatIsAbsentStaysAbsent) {
  for (const std::string_view yaml : {"", "# nothing\n", "---\n", "http:\n", "{}"}) {
    const auto config = Parse(yaml, "zonelink.yaml");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_FALSE(config->http().has_port());
  }
}

struct Refusal {
  const char* yaml;
  const char* message;
};

constexpr Refusal kRefusals[] = {
    {"\nhtpp:\n  port: 1\n", "zonelink.yaml:2: unknown key 'htpp'; did you mean 'http'?"},
    {"http:\n  prot: 1\n", "zonelink.yaml:2: unknown key 'prot' in 'http'; did you mean 'port'?"},
    {"http:\n  adminport: 1\n",
     "zonelink.yaml:2: unknown key 'adminport' in 'http'; did you mean 'admin_port'?"},
    {"http:\n  adminPort: 1\n",
     "zonelink.yaml:2: unknown key 'adminPort' in 'http'; did you mean 'admin_port'?"},
    {"http:\n  colour: red\n", "zonelink.yaml:2: unknown key 'colour' in 'http'"},
    {"<<: {a: b}\n", "zonelink.yaml:1: unknown key '<<'"},
    {"http: {}\nlog: {}\nhttp: {}\n", "zonelink.yaml:3: key 'http' stands twice"},
    {"http:\n  port: 1\n  address: a\n  port: 1\n", "zonelink.yaml:4: key 'port' stands twice"},
    {"peers:\n  directory: a\n  directory: b\n", "zonelink.yaml:3: key 'directory' stands twice"},
    {"http:\n  port: high\n", "zonelink.yaml:2: 'port' wants a whole number from 0 to 4294967295"},
    {"http:\n  port: '80'\n", "zonelink.yaml:2: 'port' wants a whole number from 0 to 4294967295"},
    {"http:\n  port: -1\n", "zonelink.yaml:2: 'port' wants a whole number from 0 to 4294967295"},
    {"http:\n  port: 80.0\n", "zonelink.yaml:2: 'port' wants a whole number from 0 to 4294967295"},
    {"http:\n  port: 0x50\n", "zonelink.yaml:2: 'port' wants a whole number from 0 to 4294967295"},
    {"http:\n  port: 4294967296\n",
     "zonelink.yaml:2: 'port' wants a whole number from 0 to 4294967295"},
    {"http:\n  port:\n", "zonelink.yaml:2: 'port' wants one value"},
    {"http:\n  port: [1]\n", "zonelink.yaml:2: 'port' wants one value"},
    {"http:\n  port: {a: 1}\n", "zonelink.yaml:2: 'port' wants one value"},
    {"http:\n  port: 65536\n", "zonelink.yaml: 'http.port' is past 65535"},
    {"http:\n  admin_port: 70000\n", "zonelink.yaml: 'http.admin_port' is past 65535"},
    {"grpc:\n  base_port: 70000\n", "zonelink.yaml: 'grpc.base_port' is past 65535"},
    {"grpc:\n  connection_seconds: 86401\n",
     "zonelink.yaml: 'grpc.connection_seconds' is past 86400"},
    {"grpc:\n  tls_certificate: a\n",
     "zonelink.yaml:2: unknown key 'tls_certificate' in 'grpc'; did you mean "
     "'tls_certificate_file'?"},
    {"clock:\n  controllable: yes\n", "zonelink.yaml:2: 'controllable' wants true or false"},
    {"clock:\n  controllable: 'true'\n", "zonelink.yaml:2: 'controllable' wants true or false"},
    {"clock:\n  controllable: 1\n", "zonelink.yaml:2: 'controllable' wants true or false"},
    {"http:\n  address: 127\n", "zonelink.yaml:2: 'address' wants text; put 127 in quotes"},
    {"http:\n  address: true\n", "zonelink.yaml:2: 'address' wants text; put true in quotes"},
    {"http:\n  address: ~\n", "zonelink.yaml:2: 'address' wants one value"},
    {"http:\n  address: \"a\\0b\"\n",
     "zonelink.yaml:2: 'address' holds text that is not clean: CONTROL_CHARACTER"},
    {"http:\n  address: \"a\\u202eb\"\n",
     "zonelink.yaml:2: 'address' holds text that is not clean: INVISIBLE_CHARACTER"},
    {"peers:\n  directory: 9101\n", "zonelink.yaml:2: 'directory' wants text; put 9101 in quotes"},
    {"peers:\n  directory: [a]\n", "zonelink.yaml:2: 'directory' wants one value"},
    {"peers:\n- a\n", "zonelink.yaml:1: 'peers' wants a section"},
    {"http: 1\n", "zonelink.yaml:1: 'http' wants a section"},
    {"log:\n- level\n", "zonelink.yaml:1: 'log' wants a section"},
    {"? [a, b]\n: c\n", "zonelink.yaml:1: a key must be clean text"},
    {"\"ht\\etp\": 1\n", "zonelink.yaml:1: a key must be clean text"},
    {"log:\n  level: loud\n",
     "zonelink.yaml: 'log.level' is 'loud', not debug, info, warn or error"},
    {"- a\n", "zonelink.yaml:1: must be a mapping of sections"},
    {"text\n", "zonelink.yaml:1: must be a mapping of sections"},
    {"http: {}\n---\nhttp: {}\n", "zonelink.yaml: holds more than one document"},
    {"\xff: 1\n", "zonelink.yaml: not UTF-8"},
};

TEST(Config, RefusesWithFileLineAndReason) {
  for (const auto& refusal : kRefusals) {
    const auto config = Parse(refusal.yaml, "zonelink.yaml");
    ASSERT_FALSE(config) << refusal.yaml;
    EXPECT_EQ(config.error().code, Code::kInvalidArgument);
    EXPECT_EQ(config.error().reason, "CONFIG_INVALID");
    EXPECT_EQ(config.error().message, refusal.message) << refusal.yaml;
  }
}

TEST(Config, AWitnessIsReadAsStrictly) {
  const auto witness = ParseWitness(
      "name: w.example/zhejiang\nport: 9301\nlogs:\n  zonelink.example/ledger: key\n", "w.yaml");
  ASSERT_TRUE(witness) << witness.error().message;
  EXPECT_EQ(witness->name(), "w.example/zhejiang");
  EXPECT_EQ(witness->port(), 9301u);
  EXPECT_EQ(witness->logs().at("zonelink.example/ledger"), "key");
  const Refusal refusals[] = {
      {"prot: 1\n", "w.yaml:1: unknown key 'prot'; did you mean 'port'?"},
      {"name: a\nname: b\n", "w.yaml:2: key 'name' stands twice"},
      {"port: high\n", "w.yaml:1: 'port' wants a whole number from 0 to 4294967295"},
      {"port: 65536\n", "w.yaml: 'port' is past 65535"},
      {"log:\n  level: loud\n", "w.yaml: 'log.level' is 'loud', not debug, info, warn or error"},
      {"http:\n  port: 1\n", "w.yaml:1: unknown key 'http'"},
      {"- a\n", "w.yaml:1: must be a mapping of sections"},
  };
  for (const auto& refusal : refusals) {
    const auto read = ParseWitness(refusal.yaml, "w.yaml");
    ASSERT_FALSE(read) << refusal.yaml;
    EXPECT_EQ(read.error().reason, "CONFIG_INVALID");
    EXPECT_EQ(read.error().message, refusal.message);
  }
}

TEST(Config, RefusesBrokenYamlWithItsLine) {
  for (const char* yaml : {"http:\n  - a\n b: c\n", "log:\n  level: \"open\n", "http:\n\tport: 1\n",
                           "http:\n  port: *nowhere\n", "a: b: c\n"}) {
    const auto config = Parse(yaml, "zonelink.yaml");
    ASSERT_FALSE(config) << yaml;
    EXPECT_EQ(config.error().reason, "CONFIG_INVALID");
    EXPECT_EQ(config.error().message.rfind("zonelink.yaml:", 0), 0u) << config.error().message;
  }
}

TEST(Config, RefusesTooMuch) {
  EXPECT_EQ(Parse(std::string(1024 * 1024 + 1, '#'), "big.yaml").error().message,
            "big.yaml: larger than 1 MiB");
  EXPECT_TRUE(Parse(std::string(1024 * 1024, '#'), "big.yaml"));
  EXPECT_EQ(Parse(std::string(100000, '['), "deep.yaml").error().reason, "CONFIG_INVALID");
  EXPECT_EQ(Parse(std::string(100000, '{'), "deep.yaml").error().reason, "CONFIG_INVALID");
}

class ConfigFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "zonelink-config-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view contents) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << contents;
    EXPECT_EQ(chmod(path.c_str(), 0600), 0);
    return path;
  }

  std::string folder_;
};

TEST_F(ConfigFile, IsLoadedAndNamed) {
  EXPECT_EQ(Load(Write("a.yaml", kWhole))->log().level(), "warn");
  const std::string path = Write("b.yaml", "lgo: {}\n");
  EXPECT_EQ(Load(path).error().message, path + ":1: unknown key 'lgo'; did you mean 'log'?");
}

TEST_F(ConfigFile, OfAWitnessIsLoadedAndNamed) {
  EXPECT_EQ(LoadWitness(Write("w.yaml", "name: w.example/zhejiang\n"))->name(),
            "w.example/zhejiang");
  const std::string path = Write("bad.yaml", "\nnmae: w\n");
  EXPECT_EQ(LoadWitness(path).error().message,
            path + ":2: unknown key 'nmae'; did you mean 'name'?");
  EXPECT_EQ(LoadWitness(folder_ + "/absent.yaml").error().reason, "CONFIG_INVALID");
}

TEST_F(ConfigFile, ThatCannotBeReadIsNamed) {
  const std::string absent = folder_ + "/absent.yaml";
  EXPECT_EQ(Load(absent).error().message, absent + ": No such file or directory");
  EXPECT_EQ(Load(folder_).error().reason, "CONFIG_INVALID");
  EXPECT_EQ(Load(Write("big.yaml", std::string(2 << 20, '#'))).error().reason, "CONFIG_INVALID");
}

TEST_F(ConfigFile, SecretsComeWithoutTheFinalNewline) {
  EXPECT_EQ(*ReadSecret(Write("a", "s3cret\n")), "s3cret");
  EXPECT_EQ(*ReadSecret(Write("b", "s3cret")), "s3cret");
  EXPECT_EQ(*ReadSecret(Write("c", "s3\ncret\n\n")), "s3\ncret\n");
}

TEST_F(ConfigFile, SecretsOthersMayReadAreRefused) {
  const std::string path = Write("secret", "s3cret\n");
  for (const mode_t mode : {0640, 0604}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(ReadSecret(path).error().code, Code::kFailedPrecondition);
    EXPECT_EQ(ReadSecret(path).error().reason, "SECRET_UNREADABLE");
  }
  EXPECT_EQ(ReadSecret(folder_ + "/absent").error().reason, "SECRET_UNREADABLE");
  EXPECT_EQ(ReadSecret(Write("empty", "\n")).error().reason, "SECRET_UNREADABLE");
}

}  // namespace
}  // namespace zonelink::config
