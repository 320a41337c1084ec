// A peer for the RPC tests: serves every protocol feature to the other side, and on request (`drive`) exercises the
// same features there. Started like any child process, with `-ipcfd <n>`.
#include "driver.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <cstdlib>
#include <string>

namespace interop {
namespace {

class Main final : public Probe::Server {
 public:
  kj::Promise<void> echo(EchoContext context) override {
    auto params = context.getParams();
    auto results = context.getResults();
    results.setN(params.getN() + 1);
    if (params.hasText()) results.setText(params.getText());
    if (params.hasCap()) results.setCap(params.getCap());
    return kj::READY_NOW;
  }

  kj::Promise<void> open(OpenContext context) override {
    context.getResults().setCap(kj::heap<Recorder>());
    return kj::READY_NOW;
  }

  kj::Promise<void> callBack(CallBackContext context) override {
    auto request = context.getParams().getCap().echoRequest();
    request.setN(context.getParams().getN());
    return request.send().then([context](auto&& results) mutable {
      context.getResults().setN(results.getN());
      context.getResults().setText(results.getText());
    });
  }

  kj::Promise<void> keep(KeepContext context) override {
    kept = context.getParams().getCap();
    return kj::READY_NOW;
  }

  kj::Promise<void> callKept(CallKeptContext context) override {
    auto request = KJ_REQUIRE_NONNULL(kept).echoRequest();
    request.setN(context.getParams().getN());
    return request.send().then([context](auto&& results) mutable {
      context.getResults().setN(results.getN());
      context.getResults().setText(results.getText());
    });
  }

  kj::Promise<void> dropKept(DropKeptContext context) override {
    kept = nullptr;
    return kj::READY_NOW;
  }

  kj::Promise<void> reflect(ReflectContext context) override {
    return turns(context.getParams().getN()).then([context]() mutable {
      context.getResults().setCap(context.getParams().getCap());
    });
  }

  kj::Promise<void> fail(FailContext context) override {
    return kj::Exception(static_cast<kj::Exception::Type>(context.getParams().getN()), __FILE__, __LINE__, kj::str(context.getParams().getText()));
  }

  kj::Promise<void> never(NeverContext context) override {
    context.allowCancellation();
    return kj::Promise<void>(kj::NEVER_DONE).attach(kj::heap<CountCancel>());
  }

  kj::Promise<void> statistics(StatisticsContext context) override {
    context.getResults().setN(live);
    context.getResults().setText(kj::str("cancelled=", cancelled));
    return kj::READY_NOW;
  }

  kj::Promise<void> tailTo(TailToContext context) override {
    auto request = context.getParams().getCap().echoRequest();
    request.setN(context.getParams().getN());
    return context.tailCall(kj::mv(request));
  }

  kj::Promise<void> promise(PromiseContext context) override {
    // With a capability given, the promise becomes that; otherwise an object of this side.
    kj::Maybe<Probe::Client> given;
    if (context.getParams().hasCap()) given = context.getParams().getCap();
    context.getResults().setCap(turns(context.getParams().getN() + 10).then([given = kj::mv(given)]() mutable -> Probe::Client {
      KJ_IF_MAYBE(cap, given) return kj::mv(*cap);
      return kj::heap<Recorder>();
    }));
    return kj::READY_NOW;
  }

  kj::Promise<void> list(ListContext context) override {
    auto caps = context.getResults().initCaps(3);
    for (uint i = 0; i < 3; i++) caps.set(i, kj::heap<Recorder>());
    return kj::READY_NOW;
  }

  kj::Promise<void> nest(NestContext context) override {
    return turns(context.getParams().getN()).then([context]() mutable {
      context.getResults().initInner().initInner().setCap(kj::heap<Recorder>());
    });
  }

  kj::Promise<void> drive(DriveContext context) override {
    auto driver = kj::heap<Driver>(context.getParams().getCap());
    std::string name = context.getParams().getText().cStr();
    auto& d = *driver;
    return d.run(name).then([context](std::string text) mutable { context.getResults().setText(text.c_str()); }).attach(kj::mv(driver));
  }

 private:
  kj::Maybe<Probe::Client> kept;
};

}  // namespace
}  // namespace interop

int main(int argc, char** argv) {
  KJ_REQUIRE(argc == 3 && std::string(argv[1]) == "-ipcfd");
  auto io = kj::setupAsyncIo();
  auto stream = io.lowLevelProvider->wrapSocketFd(std::atoi(argv[2]), kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
  capnp::TwoPartyVatNetwork network(*stream, capnp::rpc::twoparty::Side::SERVER);
  auto rpc = capnp::makeRpcServer(network, kj::heap<interop::Main>());
  network.onDisconnect().wait(io.waitScope);
  return 0;
}
