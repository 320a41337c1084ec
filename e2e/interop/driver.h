// What the peer's objects have in common, and the scenarios it plays against the other side's object.
#pragma once

#include "probe.capnp.h"

#include <kj/async.h>
#include <kj/debug.h>
#include <kj/vector.h>
#include <string>

namespace interop {

inline int live = 0;
inline int cancelled = 0;

/// Waits for some turns of the event loop.
inline kj::Promise<void> turns(int count) {
  if (count <= 0) return kj::READY_NOW;
  return kj::evalLater([]() {}).then([count]() { return turns(count - 1); });
}

/// Notes the numbers it is called with, in order.
class Recorder final : public Probe::Server {
 public:
  explicit Recorder(bool* gone = nullptr) : gone(gone) { ++live; }
  ~Recorder() noexcept(false) {
    --live;
    if (gone) *gone = true;
  }
  kj::Promise<void> echo(EchoContext context) override {
    int n = context.getParams().getN();
    if (!seen.empty()) seen += ",";
    seen += std::to_string(n);
    context.getResults().setN(n);
    context.getResults().setText(seen.c_str());
    return kj::READY_NOW;
  }
  std::string seen;

 private:
  bool* gone;
};

struct CountCancel {
  bool finished = false;
  ~CountCancel() {
    if (!finished) ++cancelled;
  }
};


/// Runs scenarios against the other side's object.
class Driver {
 public:
  explicit Driver(Probe::Client peer) : peer(kj::mv(peer)) {}

  kj::Promise<std::string> run(const std::string& name) {
    if (name == "echo") return echo();
    if (name == "large") return large();
    if (name == "pipeline") return pipeline();
    if (name == "kept") return kept();
    if (name == "embargo") return embargo();
    if (name == "errors") return errors(0);
    if (name == "cancel") return cancel();
    if (name == "list") return list();
    if (name == "tail") return tail();
    if (name == "promise") return promise();
    if (name == "passPromise") return passPromise();
    if (name == "release") return release();
    if (name == "blocked") return blocked();
    if (name == "nested") return nested();
    if (name == "givenUp") return givenUp(0);
    if (name == "answerAsParameter") return answerAsParameter();
    if (name == "many") return many(0);
    if (name == "sameObject") return sameObject();
    if (name == "foreign") return foreign();
    if (name == "disconnected") return disconnected();
    if (name == "null") return nullCapability();
    if (name == "brokenPromise") return brokenPromise();
    if (name == "theirPromise") return theirPromise();
    KJ_FAIL_REQUIRE("no such scenario", name.c_str());
  }

 private:
  Probe::Client peer;

  kj::Promise<std::string> echo() {
    auto request = peer.echoRequest();
    request.setN(41);
    request.setText("h\xc3\xa9llo");
    return request.send().then([](auto&& results) {
      KJ_REQUIRE(results.getN() == 42);
      return std::string(results.getText().cStr());
    });
  }

  kj::Promise<std::string> large() {
    std::string text(5 * 1000 * 1000, 'L');
    auto request = peer.echoRequest();
    request.setText(text.c_str());
    // After a segment of its own for the text: forces far pointers.
    request.setCap(kj::heap<Recorder>());
    return request.send().then([text](auto&& results) {
      KJ_REQUIRE(results.getText() == text.c_str());
      return std::string("same");
    });
  }

  kj::Promise<std::string> pipeline() {
    auto opened = peer.openRequest().send();
    Probe::Client recorder = opened.getCap();
    auto last = kj::heapArrayBuilder<kj::Promise<void>>(100);
    std::string* seen = new std::string;
    for (int i = 0; i < 100; i++) {
      auto request = recorder.echoRequest();
      request.setN(i);
      last.add(request.send().then([seen](auto&& results) { *seen = results.getText().cStr(); }));
    }
    return kj::joinPromises(last.finish()).then([seen]() {
      std::string expected;
      for (int i = 0; i < 100; i++) expected += (i ? "," : "") + std::to_string(i);
      KJ_REQUIRE(*seen == expected);
      delete seen;
      return std::string("in order");
    });
  }

  kj::Promise<std::string> kept() {
    bool* gone = new bool(false);
    auto keep = peer.keepRequest();
    keep.setCap(kj::heap<Recorder>(gone));
    return keep.send().then([this, gone](auto&&) {
      KJ_REQUIRE(!*gone);
      auto first = peer.callKeptRequest();
      first.setN(1);
      return first.send();
    }).then([this](auto&&) {
      auto second = peer.callKeptRequest();
      second.setN(2);
      return second.send();
    }).then([this, gone](auto&& results) {
      std::string seen = results.getText().cStr();
      KJ_REQUIRE(!*gone);
      return peer.dropKeptRequest().send().then([seen](auto&&) { return seen; });
    }).then([this, gone](std::string seen) {
      // Release comes in its own message.
      return peer.echoRequest().send().then([seen, gone](auto&&) {
        KJ_REQUIRE(*gone);
        delete gone;
        return seen;
      });
    });
  }

  /// Calls before and after a reflected promise resolves.
  kj::Promise<std::string> embargo() {
    auto server = kj::heap<Recorder>();
    Recorder& recorder = *server;
    auto request = peer.reflectRequest();
    request.setN(2);
    Probe::Client own = kj::mv(server);
    request.setCap(own);
    auto sent = request.send();
    Probe::Client reflected = sent.getCap();
    auto calls = kj::heap<kj::Vector<kj::Promise<void>>>();
    auto& list = *calls;
    auto add = [&list, reflected](int n) mutable {
      auto call = reflected.echoRequest();
      call.setN(n);
      list.add(call.send().ignoreResult());
    };
    for (int i = 0; i < 5; i++) add(i);
    return sent.then([add, &list, &recorder](auto&&) mutable {
      for (int i = 5; i < 10; i++) add(i);
      return kj::joinPromises(list.releaseAsArray());
    }).then([&recorder]() { return recorder.seen; }).attach(kj::mv(own), kj::mv(calls));
  }

  kj::Promise<std::string> errors(int kind) {
    if (kind == 4) {
      return peer.missingRequest().send().then(
          [](auto&&) -> std::string { KJ_FAIL_REQUIRE("missing method was there"); },
          [](kj::Exception&& e) {
            KJ_REQUIRE(e.getType() == kj::Exception::Type::UNIMPLEMENTED);
            return std::string(e.getDescription().cStr());
          });
    }
    auto request = peer.failRequest();
    request.setN(kind);
    request.setText("because");
    return request.send().then(
        [](auto&&) { KJ_FAIL_REQUIRE("did not fail"); },
        [kind](kj::Exception&& e) {
          KJ_REQUIRE(static_cast<int>(e.getType()) == kind, e);
          KJ_REQUIRE(std::string(e.getDescription().cStr()) == "remote exception: because", e.getDescription());
        }).then([this, kind]() { return errors(kind + 1); });
  }

  kj::Promise<std::string> cancel() {
    auto call = kj::heap(peer.neverRequest().send());
    // Answered after the call has arrived.
    return peer.echoRequest().send().then([call = kj::mv(call), this](auto&&) mutable {
      call = nullptr;
      return peer.echoRequest().send();
    }).then([this](auto&&) { return peer.statisticsRequest().send(); }).then([](auto&& results) {
      return std::string(results.getText().cStr());
    });
  }

  kj::Promise<std::string> list() {
    return peer.listRequest().send().then([](auto&& results) {
      auto caps = results.getCaps();
      auto calls = kj::heapArrayBuilder<kj::Promise<std::string>>(caps.size());
      for (auto cap : caps) {
        auto request = cap.echoRequest();
        request.setN(7);
        calls.add(request.send().then([](auto&& r) { return std::to_string(r.getN()); }));
      }
      return kj::joinPromises(calls.finish());
    }).then([](kj::Array<std::string>&& texts) {
      std::string all;
      for (auto& text : texts) all += text + ";";
      return all;
    });
  }

  kj::Promise<std::string> tail() {
    auto request = peer.tailToRequest();
    request.setN(5);
    request.setCap(kj::heap<Recorder>());
    return request.send().then([](auto&& results) { return std::string(results.getText().cStr()); });
  }

  kj::Promise<std::string> promise() {
    auto sent = peer.promiseRequest().send();
    Probe::Client early = sent.getCap();
    auto calls = kj::heap<kj::Vector<kj::Promise<std::string>>>();
    auto& list = *calls;
    auto add = [&list](Probe::Client cap, int n) {
      auto call = cap.echoRequest();
      call.setN(n);
      list.add(call.send().then([](auto&& r) { return std::string(r.getText().cStr()); }));
    };
    add(early, 0);
    return sent.then([add, &list](auto&& results) mutable {
      Probe::Client cap = results.getCap();
      add(cap, 1);
      return cap.whenResolved().then([add, cap, &list]() mutable {
        add(cap, 2);
        return kj::joinPromises(list.releaseAsArray());
      });
    }).then([](kj::Array<std::string>&& texts) { return texts[texts.size() - 1]; }).attach(kj::mv(calls));
  }

  /// Passes a promise that resolves to an object here, then one that resolves to an object there.
  kj::Promise<std::string> passPromise() {
    auto request = peer.keepRequest();
    auto paf = kj::newPromiseAndFulfiller<Probe::Client>();
    request.setCap(kj::mv(paf.promise));
    auto fulfiller = kj::mv(paf.fulfiller);
    return request.send().then([this](auto&&) {
      auto calls = kj::heapArrayBuilder<kj::Promise<std::string>>(3);
      for (int i = 0; i < 3; i++) {
        auto call = peer.callKeptRequest();
        call.setN(i);
        calls.add(call.send().then([](auto&& r) { return std::string(r.getText().cStr()); }));
      }
      return kj::joinPromises(calls.finish());
    }).exclusiveJoin(turns(20).then([fulfiller = kj::mv(fulfiller)]() mutable -> kj::Promise<kj::Array<std::string>> {
      fulfiller->fulfill(kj::heap<Recorder>());
      return kj::Promise<kj::Array<std::string>>(kj::NEVER_DONE);
    })).then([this](kj::Array<std::string>&& texts) {
      std::string last = texts[2];
      return peer.dropKeptRequest().send().then([last](auto&&) { return last; });
    });
  }

  kj::Promise<std::string> release() {
    auto opened = kj::heapArrayBuilder<kj::Promise<Probe::Client>>(10);
    for (int i = 0; i < 10; i++) opened.add(peer.openRequest().send().then([](auto&& r) { return Probe::Client(r.getCap()); }));
    return kj::joinPromises(opened.finish()).then([this](kj::Array<Probe::Client>&& caps) {
      return peer.statisticsRequest().send().then([this, caps = kj::mv(caps)](auto&& results) mutable {
        int before = results.getN();
        caps = nullptr;
        return peer.echoRequest().send().then([this](auto&&) { return peer.statisticsRequest().send(); }).then([before](auto&& after) {
          return std::to_string(before - after.getN());
        });
      });
    });
  }

  /// Calls a capability two structs deep in results that are not there yet.
  kj::Promise<std::string> nested() {
    auto request = peer.nestRequest();
    request.setN(3);
    auto sent = request.send();
    Probe::Client deep = sent.getInner().getInner().getCap();
    auto first = deep.echoRequest();
    first.setN(1);
    auto second = deep.echoRequest();
    second.setN(2);
    auto early = first.send().ignoreResult();
    return second.send().then([](auto&& results) { return std::string(results.getText().cStr()); }).attach(kj::mv(early), kj::mv(sent));
  }

  /// Passes a capability of an answer of the other side that is not there yet.
  kj::Promise<std::string> answerAsParameter() {
    auto opened = peer.openRequest().send();
    auto request = peer.callBackRequest();
    request.setN(8);
    request.setCap(opened.getCap());
    return request.send().then([](auto&& results) { return std::to_string(results.getN()); }).attach(kj::mv(opened));
  }

  /// Passes callbacks that are called once and dropped.
  kj::Promise<std::string> many(int count) {
    if (count == 1000) {
      return peer.echoRequest().send().then([](auto&&) { return std::to_string(live); });
    }
    auto calls = kj::heapArrayBuilder<kj::Promise<void>>(100);
    for (int i = 0; i < 100; i++) {
      auto request = peer.callBackRequest();
      request.setN(i);
      request.setCap(kj::heap<Recorder>());
      calls.add(request.send().then([i](auto&& results) { KJ_REQUIRE(results.getN() == i); }));
    }
    return kj::joinPromises(calls.finish()).then([this, count]() { return many(count + 100); });
  }

  /// An object of this side comes back as itself: calling it sends nothing.
  kj::Promise<std::string> sameObject() {
    auto server = kj::heap<Recorder>();
    Recorder& recorder = *server;
    Probe::Client own = kj::mv(server);
    auto request = peer.echoRequest();
    request.setCap(own);
    return request.send().then([&recorder](auto&& results) {
      Probe::Client back = results.getCap();
      auto call = back.echoRequest();
      call.setN(6);
      return call.send().then([&recorder](auto&&) { return recorder.seen; }).attach(kj::mv(back));
    }).attach(kj::mv(own));
  }

  /// Gives calls up at different times; what they return is released.
  kj::Promise<std::string> givenUp(int count) {
    if (count == 50) {
      return peer.echoRequest().send().then([this](auto&&) { return peer.statisticsRequest().send(); }).then([](auto&& results) { return std::to_string(results.getN()); });
    }
    auto call = kj::heap(peer.openRequest().send());
    return turns(count % 5).then([call = kj::mv(call)]() mutable { call = nullptr; }).then([this, count]() { return givenUp(count + 1); });
  }

  kj::Promise<std::string> foreign() {
    return peer.castAs<Foreign>().callRequest().send().then(
        [](auto&&) -> std::string { KJ_FAIL_REQUIRE("foreign interface was there"); },
        [](kj::Exception&& e) {
          KJ_REQUIRE(e.getType() == kj::Exception::Type::UNIMPLEMENTED, e);
          return std::string("unimplemented");
        });
  }

  /// Waits until the other side is gone.
  kj::Promise<std::string> disconnected() {
    return peer.neverRequest().send().then(
        [](auto&&) -> std::string { KJ_FAIL_REQUIRE("was answered"); },
        [](kj::Exception&& e) {
          KJ_REQUIRE(e.getType() == kj::Exception::Type::DISCONNECTED, e);
          return std::string("disconnected");
        });
  }

  /// Calls on a capability that results do not have.
  kj::Promise<std::string> nullCapability() {
    auto sent = peer.echoRequest().send();
    return sent.getCap().echoRequest().send().then(
        [](auto&&) -> std::string { KJ_FAIL_REQUIRE("null was called"); },
        [](kj::Exception&& e) {
          KJ_REQUIRE(e.getType() == kj::Exception::Type::FAILED, e);
          return std::string(e.getDescription().cStr());
        }).attach(kj::mv(sent));
  }

  /// Passes a promise that breaks.
  kj::Promise<std::string> brokenPromise() {
    auto request = peer.keepRequest();
    request.setCap(turns(10).then([]() -> Probe::Client { KJ_FAIL_REQUIRE("never came to be"); }));
    return request.send().then([this](auto&&) { return peer.callKeptRequest().send(); }).then(
        [](auto&&) -> std::string { KJ_FAIL_REQUIRE("was there"); },
        [](kj::Exception&& e) { return std::string(e.getDescription().cStr()); }).then([this](std::string text) {
      return peer.dropKeptRequest().send().then([text](auto&&) { return text; });
    });
  }

  /// Passes a promise that becomes an object of the other side.
  kj::Promise<std::string> theirPromise() {
    auto opened = kj::heap(peer.openRequest().send());
    auto request = peer.keepRequest();
    request.setCap(turns(10).then([&opened = *opened]() mutable -> Probe::Client { return opened.getCap(); }));
    return request.send().then([this](auto&&) {
      auto calls = kj::heapArrayBuilder<kj::Promise<std::string>>(4);
      for (int i = 0; i < 4; i++) {
        auto call = peer.callKeptRequest();
        call.setN(i);
        calls.add(call.send().then([](auto&& r) { return std::string(r.getText().cStr()); }));
      }
      return kj::joinPromises(calls.finish());
    }).then([this](kj::Array<std::string>&& texts) {
      std::string last = texts[3];
      return peer.dropKeptRequest().send().then([last](auto&&) { return last; });
    }).attach(kj::mv(opened));
  }

  /// A call that never ends, with a call pipelined on it, blocks nothing.
  kj::Promise<std::string> blocked() {
    auto stuck = peer.neverRequest().send();
    auto waiting = stuck.getCap().echoRequest().send();
    return echo().attach(kj::mv(stuck), kj::mv(waiting));
  }
};

}  // namespace interop
