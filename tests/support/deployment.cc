// SPDX-License-Identifier: Apache-2.0
#include "tests/support/deployment.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "ledger/domain/note.h"
#include "platform/client/http_client.h"
#include "platform/crypto/crypto.h"

namespace zonelink::test {
namespace {

// The order of `zonelinkd --list-targets`.
const std::vector<std::string>& TargetOrder() {
  static const std::vector<std::string> order = {"directory", "recognition", "worklist",
                                                 "ledger",    "documents",   "gateway"};
  return order;
}

// Name of the ledger's key and first line of its checkpoints.
constexpr const char* kOrigin = "zonelink.test/ledger";

constexpr auto kStartLimit = std::chrono::seconds(60);
constexpr auto kStopLimit = std::chrono::seconds(20);

std::string Section(const std::string& name, const std::map<std::string, std::string>& values) {
  if (values.empty()) return "";
  std::string text = name + ":\n";
  for (const auto& [key, value] : values) text += fmt::format("  {}: {}\n", key, value);
  return text;
}

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::string VerifierKeyOf(const std::string& name, const std::string& key_file,
                          ledger::SignatureType type) {
  const auto key = crypto::Ed25519Key::FromPemFile(key_file);
  if (!key) throw std::runtime_error(key.error().message);
  return ledger::VerifierKey::Of(name, type, key->PublicRaw()).Format();
}

// "http=8080 admin=9090 grpc=9101" on one line or several.
std::map<std::string, int> ReadPorts(const std::string& path) {
  std::map<std::string, int> ports;
  std::ifstream file(path);
  std::string word;
  while (file >> word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) continue;
    ports[word.substr(0, equals)] = std::atoi(word.c_str() + equals + 1);
  }
  return ports;
}

bool IsFree(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return free;
}

// A port on which a process will listen, so that those before it know it. Below those that the
// kernel gives to connections; `place` keeps those of one deployment apart.
int FreePort(int place) {
  constexpr int kFirst = 12'000;
  constexpr int kStep = 16;
  constexpr unsigned kSteps = 1'200;
  for (;;) {
    const std::string random = crypto::RandomBytes(2);
    const unsigned number =
        static_cast<unsigned char>(random[0]) * 256U + static_cast<unsigned char>(random[1]);
    const int port = kFirst + static_cast<int>(number % kSteps) * kStep + place;
    if (IsFree(port)) return port;
  }
}

}  // namespace

struct Deployment::Process {
  std::string target;  // or the witness's name
  bool witness = false;
  int place = 0;  // in the order of the targets
  std::string config_path;
  std::string ready_path;
  std::string log_path;
  std::map<std::string, int> ports;  // kept over a restart
  std::unique_ptr<Child> child;

  int Port(const std::string& name) const {
    const auto found = ports.find(name);
    return found == ports.end() ? 0 : found->second;
  }
};

Deployment::Deployment(DeploymentOptions options)
    : settings_(ReadSettings()),
      options_(std::move(options)),
      database_(TestDatabase::Cloned(settings_, options_.clock)),
      dir_(settings_.scratch_dir + "/" + database_.name()) {
  if (options_.many) settings_.many = *options_.many;
  std::filesystem::create_directories(dir_);
  files_ = MakeDeploymentFiles(dir_);
  ledger_key_ = VerifierKeyOf(kOrigin, files_.ledger_key_file, ledger::SignatureType::kEd25519);
  if (settings_.many)
    certificates_ = std::make_unique<PeerCertificates>(dir_ + "/certificates", TargetOrder());
  StartWitnesses();
  const std::vector<std::string> names =
      settings_.many ? TargetOrder() : std::vector<std::string>{"all"};
  for (size_t i = 0; i < names.size(); ++i) {
    auto process = std::make_unique<Process>();
    process->target = names[i];
    process->place = static_cast<int>(i);
    process->config_path = fmt::format("{}/{}.yaml", dir_, names[i]);
    process->ready_path = fmt::format("{}/{}.ready", dir_, names[i]);
    process->log_path = fmt::format("{}/{}.log", dir_, names[i]);
    if (settings_.many) process->ports["grpc"] = FreePort(process->place);
    processes_.push_back(std::move(process));
  }
  for (const auto& process : processes_) Start(*process);
  for (const auto& process : processes_) AwaitReady(*process);
}

void Deployment::StartWitnesses() {
  for (const std::string& name : options_.witnesses) {
    auto process = std::make_unique<Process>();
    process->target = name;
    process->witness = true;
    process->config_path = fmt::format("{}/{}.yaml", dir_, name);
    process->ready_path = fmt::format("{}/{}.ready", dir_, name);
    process->log_path = fmt::format("{}/{}.log", dir_, name);
    WriteEd25519Key(fmt::format("{}/{}.pem", dir_, name));
    std::filesystem::create_directories(witness_dir(name));
    witnesses_.push_back(std::move(process));
    Start(*witnesses_.back());
  }
}

Deployment::~Deployment() {
  for (auto process = processes_.rbegin(); process != processes_.rend(); ++process) {
    if ((*process)->child) (*process)->child->Signal(SIGTERM);
  }
  for (const auto& witness : witnesses_) witness->child->Signal(SIGTERM);
  for (auto& witness : witnesses_) processes_.push_back(std::move(witness));
  for (const auto& process : processes_) {
    if (process->child && !process->child->Wait(kStopLimit)) {
      ADD_FAILURE() << process->target << " did not stop within " << kStopLimit.count() << " s";
    }
  }
  const auto* test = testing::UnitTest::GetInstance();
  const bool failed = test->Failed() || (test->current_test_suite() != nullptr &&
                                         test->current_test_suite()->Failed());
  if (failed) {
    for (const auto& process : processes_) {
      std::fprintf(stderr, "---- %s: %s\n%s\n", process->target.c_str(), process->log_path.c_str(),
                   Tail(process->log_path).c_str());
    }
    return;
  }
  std::error_code ignored;  // a leftover folder harms nobody
  std::filesystem::remove_all(dir_, ignored);
}

std::string Deployment::base_url() const {
  return fmt::format("http://127.0.0.1:{}", processes_.back()->Port("http"));
}

std::string Deployment::admin_url(const std::string& target) const {
  return fmt::format("http://127.0.0.1:{}", Find(target).Port("admin"));
}

std::optional<std::string> Deployment::grpc_address(const std::string& target) const {
  if (!settings_.many) return std::nullopt;
  return fmt::format("127.0.0.1:{}", Find(target).Port("grpc"));
}

std::string Deployment::witness_key(const std::string& name) const {
  return VerifierKeyOf(name, fmt::format("{}/{}.pem", dir_, name),
                       ledger::SignatureType::kCosignature);
}

std::string Deployment::witness_url(const std::string& name) const {
  return fmt::format("http://127.0.0.1:{}", Find(name).Port("http"));
}

std::string Deployment::witness_dir(const std::string& name) const {
  return fmt::format("{}/{}.state", dir_, name);
}

std::vector<std::string> Deployment::targets() const {
  std::vector<std::string> names;
  for (const auto& process : processes_) names.push_back(process->target);
  return names;
}

void Deployment::Kill(const std::string& target, int signal) {
  Process& process = Find(target);
  process.child->Signal(signal);
  if (!process.child->Wait(kStopLimit)) Fail(process, "did not end");
}

void Deployment::Restart(const std::string& target) {
  Process& process = Find(target);
  Start(process);
  AwaitReady(process);
}

std::string Deployment::LogOf(const std::string& target) const {
  return Tail(Find(target).log_path, static_cast<size_t>(64) << 20);
}

void Deployment::Start(Process& process) {
  WritePrivateFile(process.config_path,
                   process.witness ? WitnessConfig(process) : ConfigFor(process));
  std::filesystem::remove(process.ready_path);
  std::vector<std::string> argv = {settings_.Zonelinkd()};
  argv.push_back(process.witness ? "witness" : "--target=" + process.target);
  argv.insert(argv.end(), {"--config", process.config_path, "--ready-file", process.ready_path});
  process.child = std::make_unique<Child>(std::move(argv), process.log_path);
  const bool told = WaitUntil(kStartLimit, [&] {
    return std::filesystem::exists(process.ready_path) || !process.child->Running();
  });
  if (!process.child->Running()) Fail(process, "ended at the start");
  if (!told) Fail(process, "wrote no ready file");
  process.ports = ReadPorts(process.ready_path);
}

// Only the gateway has an admin port; the others are ready when they have said so by their file.
void Deployment::AwaitReady(Process& process) {
  if (process.Port("admin") == 0) return;
  client::HttpClient http(fmt::format("http://127.0.0.1:{}", process.Port("admin")));
  const bool ready = WaitUntil(kStartLimit, [&] {
    const auto reply = http.Send({.path = "/readyz"});
    return (reply && reply->status == 200) || !process.child->Running();
  });
  if (!ready || !process.child->Running()) Fail(process, "did not become ready");
}

std::string Deployment::ConfigFor(const Process& process) const {
  std::map<std::string, std::string> peers;
  for (const auto& other : processes_) {
    if (other.get() == &process || other->target == "gateway") continue;
    peers[other->target] = Quoted(fmt::format("127.0.0.1:{}", other->Port("grpc")));
  }
  std::map<std::string, std::string> auth = {
      {"signing_key_file", Quoted(files_.signing_key_file)},
      {"next_signing_key_file", Quoted(files_.next_signing_key_file)},
      {"secret_file", Quoted(files_.secret_file)}};
  for (const auto& [key, value] : options_.auth) auth[key] = value;
  std::map<std::string, std::string> limits = {{"requests_per_caller", "100000"},
                                               {"requests_per_address", "100000"}};
  for (const auto& [key, value] : options_.limits) limits[key] = value;
  std::map<std::string, std::string> ledger = {{"origin", kOrigin},
                                               {"signing_key_file", Quoted(files_.ledger_key_file)},
                                               {"state_file", Quoted(ledger_state_file())}};
  for (const auto& [key, value] : options_.ledger) ledger[key] = value;
  std::map<std::string, std::string> documents = {{"key_file", Quoted(files_.documents_key_file)}};
  for (const auto& [key, value] : options_.documents) documents[key] = value;
  std::map<std::string, std::string> database = {{"url", Quoted(database_.service_url())},
                                                 {"password_dir", Quoted(database_.password_dir())},
                                                 {"pool_size", "4"}};
  for (const auto& [key, value] : options_.database) database[key] = value;
  std::string witnesses;
  for (const auto& witness : witnesses_) {
    witnesses +=
        fmt::format("{}{}: {}", witnesses.empty() ? "" : ", ", Quoted(witness_key(witness->target)),
                    Quoted(witness_url(witness->target)));
  }
  ledger["witnesses"] = "{" + witnesses + "}";
  return Section("http", {{"address", "127.0.0.1"},
                          {"port", std::to_string(process.Port("http"))},
                          {"admin_port", std::to_string(process.Port("admin"))}}) +
         GrpcSection(process) + Section("peers", peers) + Section("database", database) +
         Section("auth", auth) + Section("clock", {{"controllable", "true"}}) +
         Section("ledger", ledger) + Section("documents", documents) + Section("limits", limits) +
         Section("log", {{"level", "info"}});
}

std::string Deployment::GrpcSection(const Process& process) const {
  const int port = process.Port("grpc");
  std::map<std::string, std::string> grpc = {
      {"address", "127.0.0.1"},
      {"base_port", std::to_string(port == 0 ? 0 : port - process.place)}};
  if (certificates_) {
    grpc["tls_certificate_file"] = Quoted(certificates_->CertificateFile(process.target));
    grpc["tls_key_file"] = Quoted(certificates_->KeyFile(process.target));
    grpc["tls_authorities_file"] = Quoted(certificates_->AuthoritiesFile());
  }
  for (const auto& [key, value] : options_.grpc) grpc[key] = value;
  return Section("grpc", grpc);
}

std::string Deployment::WitnessConfig(const Process& process) const {
  return fmt::format(
             "name: {}\nsigning_key_file: {}\nstate_dir: {}\naddress: 127.0.0.1\nport: {}\n",
             process.target, Quoted(fmt::format("{}/{}.pem", dir_, process.target)),
             Quoted(witness_dir(process.target)), process.Port("http")) +
         Section("logs", {{kOrigin, Quoted(ledger_key_)}});
}

Deployment::Process& Deployment::Find(const std::string& target) const {
  for (const auto& process : witnesses_) {
    if (process->target == target) return *process;
  }
  for (const auto& process : processes_) {
    if (process->target == target) return *process;
  }
  throw std::runtime_error("no process runs the target " + target);
}

void Deployment::Fail(const Process& process, const std::string& what) const {
  throw std::runtime_error(fmt::format("{} {}:\n{}", process.target, what, Tail(process.log_path)));
}

}  // namespace zonelink::test
