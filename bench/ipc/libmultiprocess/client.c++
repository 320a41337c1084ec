// The client of the Echo bench as the reference makes calls: through libmultiprocess, one thread for every call in
// flight. Connects to the socket named by its argument, and answers lines as ../client.c++ does.
#include "echo.capnp.h"
#include "echo.capnp.proxy.h"

#include <mp/proxy-io.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <iostream>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
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

int connectTo(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror(path);
    std::exit(1);
  }
  return fd;
}

// Echoes until no call is left; every caller has a thread, and so a connection thread, of its own.
void call(EchoObject& echo, const std::string& text, std::atomic<int>& left, std::vector<double>& latencies) {
  while (left-- > 0) {
    double sent = now();
    if (echo.echo(text).size() != text.size()) std::abort();
    latencies.push_back(now() - sent);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 1;
  int fd = connectTo(argv[1]);
  std::promise<mp::EventLoop*> running;
  std::optional<mp::EventLoopRef> hold;
  std::thread events([&] {
    mp::EventLoop loop("echo-bench", mp::LogFn([](mp::LogMessage) {}));
    // Without anybody who needs it, the loop would end at once.
    hold.emplace(loop);
    running.set_value(&loop);
    loop.loop();
  });
  {
    auto init = mp::ConnectStream<bench::Init>(*running.get_future().get(), fd);
    hold.reset();
    auto echo = init->makeEcho();
    std::cout << "{\"connected\":1}" << std::endl;
    int calls, inFlight, bytes;
    while (std::cin >> calls >> inFlight >> bytes) {
      std::string text(bytes, 'x');
      std::atomic<int> left{calls};
      std::vector<std::vector<double>> latencies(inFlight);
      std::vector<std::thread> callers;
      double start = now(), busy = cpu();
      for (auto& own : latencies) callers.emplace_back([&] { call(*echo, text, left, own); });
      for (auto& caller : callers) caller.join();
      double took = now() - start, used = cpu() - busy;
      std::vector<double> all;
      for (auto& own : latencies) all.insert(all.end(), own.begin(), own.end());
      std::nth_element(all.begin(), all.begin() + calls / 2, all.end());
      std::printf("{\"took\":%.0f,\"median\":%.1f,\"cpu\":%.0f}\n", took, all[calls / 2], used);
      std::fflush(stdout);
    }
  }
  events.join();
  return 0;
}
