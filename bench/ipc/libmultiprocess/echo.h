// What libmultiprocess wraps the interfaces of echo.capnp as.
#pragma once

#include <memory>
#include <string>

class EchoObject {
public:
  virtual ~EchoObject() = default;
  virtual std::string echo(const std::string& text) = 0;
};

class EchoInit {
public:
  virtual ~EchoInit() = default;
  virtual std::unique_ptr<EchoObject> makeEcho() { return nullptr; }
};
