// SPDX-License-Identifier: Apache-2.0
#include "platform/config/config.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "platform/config/yaml_to_proto.h"
#include "platform/core/private_file.h"
#include "platform/core/text.h"

namespace zonelink::config {
namespace {

constexpr size_t kMostBytes = 1024 * 1024;

Error Invalid(std::string what) { return InvalidArgument("CONFIG_INVALID", std::move(what)); }

Error Invalid(const std::string& name, const YamlFault& fault) {
  return Invalid(fmt::format("{}:{}: {}", name, fault.line, fault.what));
}

// What the types cannot say.
std::optional<std::string> LevelFault(const v1::Log& log) {
  const std::string& level = log.level();
  if (level.empty() || level == "debug" || level == "info" || level == "warn" || level == "error") {
    return std::nullopt;
  }
  return fmt::format("'log.level' is '{}', not debug, info, warn or error", level);
}

constexpr uint32_t kLastPort = 65535;
constexpr uint32_t kLongestConnection = 86400;

std::optional<std::string> ValueFault(const v1::Config& config) {
  if (config.http().port() > kLastPort) return "'http.port' is past 65535";
  if (config.http().admin_port() > kLastPort) return "'http.admin_port' is past 65535";
  if (config.grpc().base_port() > kLastPort) return "'grpc.base_port' is past 65535";
  if (config.grpc().connection_seconds() > kLongestConnection)
    return "'grpc.connection_seconds' is past 86400";
  return LevelFault(config.log());
}

std::optional<std::string> ValueFault(const v1::Witness& witness) {
  if (witness.port() > kLastPort) return "'port' is past 65535";
  return LevelFault(witness.log());
}

// The one document of `yaml`. Throws YAML::Exception.
Result<YAML::Node> OneDocument(std::string_view yaml, const std::string& name) {
  const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(yaml));
  if (documents.size() > 1) return Invalid(fmt::format("{}: holds more than one document", name));
  return documents.empty() ? YAML::Node() : documents.front();
}

template <class Message>
Result<Message> ParseInto(std::string_view yaml, const std::string& name) {
  if (yaml.size() > kMostBytes) return Invalid(fmt::format("{}: larger than 1 MiB", name));
  if (TextFault(yaml, /*multiline=*/true) == "BAD_UTF8") {
    return Invalid(fmt::format("{}: not UTF-8", name));
  }
  Message message;
  try {
    auto document = OneDocument(yaml, name);
    if (!document) return std::move(document).error();
    if (!document->IsNull() && !document->IsMap()) {
      return Invalid(name, {document->Mark().line + 1, "must be a mapping of sections"});
    }
    if (const auto fault = FillMessage(*document, message)) return Invalid(name, *fault);
  } catch (const YAML::Exception& exception) {
    return Invalid(name, {exception.mark.line + 1, exception.msg});
  }
  if (const auto fault = ValueFault(message)) return Invalid(fmt::format("{}: {}", name, *fault));
  return message;
}

Result<std::string> ReadYaml(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    return Invalid(fmt::format("{}: {}", path, std::generic_category().message(error)));
  }
  std::string yaml(kMostBytes + 1, '\0');
  file.read(yaml.data(), static_cast<std::streamsize>(yaml.size()));
  if (file.bad()) return Invalid(fmt::format("{}: cannot be read", path));
  yaml.resize(static_cast<size_t>(file.gcount()));
  return yaml;
}

}  // namespace

Result<v1::Config> Parse(std::string_view yaml, const std::string& name) {
  return ParseInto<v1::Config>(yaml, name);
}

Result<v1::Config> Load(const std::string& path) {
  return ReadYaml(path).and_then([&](const std::string& yaml) { return Parse(yaml, path); });
}

Result<v1::Witness> ParseWitness(std::string_view yaml, const std::string& name) {
  return ParseInto<v1::Witness>(yaml, name);
}

Result<v1::Witness> LoadWitness(const std::string& path) {
  return ReadYaml(path).and_then([&](const std::string& yaml) { return ParseWitness(yaml, path); });
}

Result<std::string> ReadSecret(const std::string& path) {
  auto secret = ReadPrivateFile(path);
  if (!secret) return secret;
  if (!secret->empty() && secret->back() == '\n') secret->pop_back();
  if (secret->empty()) {
    return FailedPrecondition("SECRET_UNREADABLE", fmt::format("{}: empty", path),
                              {{"path", path}});
  }
  return secret;
}

}  // namespace zonelink::config
