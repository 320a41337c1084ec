// The C++ client of the IPC bench. Starts the server whose command line it is given, connected as any child process
// is, and for every line "<calls> <in flight> <bytes>" on its input writes one JSON line with what the calls took.
#include "probe.capnp.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

double now() {
  using namespace std::chrono;
  return duration<double, std::micro>(steady_clock::now().time_since_epoch()).count();
}

double cpu() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  auto micros = [](timeval t) { return t.tv_sec * 1e6 + t.tv_usec; };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

struct Job {
  interop::Probe::Client server;
  std::string text;
  int left;
  std::vector<double> latencies;

  // One of the callers that are at work at the same time: calls again as soon as it has its answer.
  kj::Promise<void> caller() {
    if (left-- <= 0) return kj::READY_NOW;
    double sent = now();
    auto request = server.echoRequest();
    if (!text.empty()) request.setText(capnp::Text::Reader(text.c_str(), text.size()));
    return request.send().then([this, sent](auto&& results) {
      KJ_REQUIRE(results.getText().size() == text.size());
      latencies.push_back(now() - sent);
      return caller();
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  KJ_REQUIRE(argc >= 2, "usage: client SERVER [ARGUMENT...]");
  int fds[2];
  KJ_SYSCALL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
  pid_t child = fork();
  if (child == 0) {
    close(fds[0]);
    std::vector<char*> words(argv + 1, argv + argc);
    std::string fd = std::to_string(fds[1]);
    words.push_back(const_cast<char*>("-ipcfd"));
    words.push_back(fd.data());
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
  }
  close(fds[1]);
  std::cout << "{\"server\":" << child << "}" << std::endl;

  auto io = kj::setupAsyncIo();
  auto stream = io.lowLevelProvider->wrapSocketFd(fds[0], kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
  capnp::TwoPartyVatNetwork network(*stream, capnp::rpc::twoparty::Side::CLIENT, capnp::ReaderOptions{8ull << 30, 64});
  auto rpc = capnp::makeRpcClient(network);
  capnp::MallocMessageBuilder message;
  auto id = message.initRoot<capnp::rpc::twoparty::VatId>();
  id.setSide(capnp::rpc::twoparty::Side::SERVER);
  auto server = rpc.bootstrap(id).castAs<interop::Probe>();

  int calls, inFlight, bytes;
  while (std::cin >> calls >> inFlight >> bytes) {
    Job job{server, std::string(bytes, 'x'), calls, {}};
    job.latencies.reserve(calls);
    double start = now(), busy = cpu();
    auto callers = kj::heapArrayBuilder<kj::Promise<void>>(inFlight);
    for (int i = 0; i < inFlight; i++) callers.add(job.caller());
    kj::joinPromises(callers.finish()).wait(io.waitScope);
    double took = now() - start, used = cpu() - busy;
    std::nth_element(job.latencies.begin(), job.latencies.begin() + calls / 2, job.latencies.end());
    std::printf("{\"took\":%.0f,\"median\":%.1f,\"cpu\":%.0f}\n", took, job.latencies[calls / 2], used);
    std::fflush(stdout);
  }
  return 0;
}
