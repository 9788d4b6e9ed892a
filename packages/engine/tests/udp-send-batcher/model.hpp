// A kernel, sockets and destinations that only exist in memory and check all that reaches them.
#pragma once

#include "../check.hpp"
#include "handles/UdpSendBatcher.hpp"
#include <cerrno>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <netinet/udp.h>
#include <set>
#include <string>
#include <vector>

namespace model
{
using Bytes = std::vector<uint8_t>;

inline sockaddr_storage AddressOf(unsigned number)
{
  sockaddr_storage storage{};
  if (number % 2 == 0)
  {
    auto* in            = reinterpret_cast<sockaddr_in*>(&storage);
    in->sin_family      = AF_INET;
    in->sin_addr.s_addr = htonl(0x7f000001);
    in->sin_port        = htons(static_cast<uint16_t>(1000 + number));
  }
  else
  {
    auto* in6        = reinterpret_cast<sockaddr_in6*>(&storage);
    in6->sin6_family = AF_INET6;
    in6->sin6_addr   = in6addr_loopback;
    in6->sin6_port   = htons(static_cast<uint16_t>(1000 + number));
  }
  return storage;
}

inline unsigned NumberOf(const sockaddr* addr)
{
  const auto port = addr->sa_family == AF_INET ? reinterpret_cast<const sockaddr_in*>(addr)->sin_port
                                               : reinterpret_cast<const sockaddr_in6*>(addr)->sin6_port;
  return ntohs(port) - 1000;
}

/** A datagram tells its id and its length, and the rest follows from the id. */
constexpr size_t MinLen = 8;

inline Bytes DatagramOf(uint32_t id, size_t len)
{
  Bytes bytes(len);
  const auto len32 = static_cast<uint32_t>(len);
  std::memcpy(bytes.data(), &id, 4);
  std::memcpy(bytes.data() + 4, &len32, 4);
  for (size_t i = MinLen; i < len; ++i)
    bytes[i] = static_cast<uint8_t>(id * 31 + i);
  return bytes;
}

/** What the other side of the network sees. */
struct Network
{
  // By socket and destination: the last id, to see that none overtakes another.
  std::map<std::pair<int, unsigned>, uint32_t> last;
  std::vector<uint32_t> arrived;

  void Deliver(int fd, const sockaddr* addr, const uint8_t* data, size_t len)
  {
    CHECK(len >= MinLen);
    uint32_t id;
    std::memcpy(&id, data, 4);
    const auto expected = DatagramOf(id, len);
    CHECK(std::memcmp(expected.data(), data, len) == 0);
    auto& before = last[{ fd, NumberOf(addr) }];
    CHECK(before < id);
    before = id;
    arrived.push_back(id);
  }
};

struct Kernel final : UdpSendBatcher::Kernel
{
  explicit Kernel(Network* network) : network(network)
  {
  }

  bool IsSegmentationSupported(int) override
  {
    probes++;
    return supported;
  }

  int SendMessages(int fd, mmsghdr* messages, unsigned count) override
  {
    calls++;
    CHECK(count >= 1 && count <= 64);
    unsigned sent = 0;
    for (; sent < count; ++sent)
    {
      const auto& header   = messages[sent].msg_hdr;
      const auto segmented = header.msg_controllen != 0;
      if (sent == mostPerCall) break;
      const int error = segmented && segmentError != 0 ? segmentError : anyError;
      if (error != 0)
      {
        if (sent > 0) break;
        errno = error;
        if (error == EINTR) segmentError = anyError = 0;
        return -1;
      }
      Take(fd, header);
    }
    if (sent == 0)
    {
      errno = EAGAIN;
      return -1;
    }
    return static_cast<int>(sent);
  }

  void Take(int fd, const msghdr& header)
  {
    Bytes bytes;
    CHECK(header.msg_iovlen >= 1 && header.msg_iovlen <= 64);
    for (size_t i = 0; i < header.msg_iovlen; ++i)
    {
      const auto* base = static_cast<const uint8_t*>(header.msg_iov[i].iov_base);
      bytes.insert(bytes.end(), base, base + header.msg_iov[i].iov_len);
    }
    CHECK(bytes.size() <= 65507);
    size_t segmentSize = bytes.size();
    if (header.msg_controllen != 0)
    {
      const auto* cmsg = CMSG_FIRSTHDR(&header);
      CHECK(cmsg && cmsg->cmsg_level == SOL_UDP && cmsg->cmsg_type == UDP_SEGMENT);
      CHECK(cmsg->cmsg_len == CMSG_LEN(sizeof(uint16_t)));
      uint16_t value;
      std::memcpy(&value, CMSG_DATA(cmsg), sizeof(value));
      segmentSize = value;
      CHECK(segmentSize > 0 && segmentSize <= UdpSendBatcher::MaxSegmentSize);
      CHECK(bytes.size() > segmentSize && (bytes.size() + segmentSize - 1) / segmentSize <= 64);
      CHECK(supported);
    }
    const auto* addr    = static_cast<const sockaddr*>(header.msg_name);
    const auto expected = addr->sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    CHECK(header.msg_namelen == expected);
    size_t segments = 0;
    for (size_t at = 0; at < bytes.size(); at += segmentSize, ++segments)
      network->Deliver(fd, addr, bytes.data() + at, std::min(segmentSize, bytes.size() - at));
    messageSegments.push_back(segments);
  }

  Network* network;
  bool supported{ true };
  int segmentError{ 0 };
  int anyError{ 0 };
  unsigned mostPerCall{ 64 };
  unsigned calls{ 0 };
  unsigned probes{ 0 };
  std::vector<size_t> messageSegments;
};

/** Sends as UdpSocketHandle does; what it cannot send waits in it, as in libuv. */
struct Socket final : UdpSendBatcher::Socket
{
  struct Waiting
  {
    Bytes bytes;
    sockaddr_storage addr;
    UdpSendBatcher::onSendCallback* cb;
  };

  Socket(int fd, UdpSendBatcher* batcher, Kernel* kernel) : fd(fd), batcher(batcher), kernel(kernel)
  {
  }

  ~Socket() override
  {
    Close();
  }

  void Send(const uint8_t* data, size_t len, const sockaddr* addr, UdpSendBatcher::onSendCallback* cb)
  {
    if (closed) return Finish(cb, false);
    if (batcher->Gather(this, data, len, addr, cb)) return;
    SendNow(data, len, addr, cb);
  }

  void Close()
  {
    if (closed) return;
    batcher->ForgetSocket(this);
    closed = true;
    for (auto& one : waiting)
      Finish(one.cb, false);
    waiting.clear();
  }

  void BecomeWritable()
  {
    while (!waiting.empty())
    {
      auto one = std::move(waiting.front());
      waiting.pop_front();
      kernel->network->Deliver(
        fd, reinterpret_cast<const sockaddr*>(&one.addr), one.bytes.data(), one.bytes.size());
      Finish(one.cb, true);
    }
  }

  static void Finish(UdpSendBatcher::onSendCallback* cb, bool sent)
  {
    if (cb) (*cb)(sent);
    delete cb;
  }

  int GetFd() const override
  {
    return fd;
  }

  bool HasQueuedDatagrams() const override
  {
    return !waiting.empty();
  }

  void SendNow(
    const uint8_t* data, size_t len, const sockaddr* addr, UdpSendBatcher::onSendCallback* cb) override
  {
    sentNow++;
    if (closed) return Finish(cb, false);
    if (waiting.empty() && kernel->anyError == 0)
    {
      kernel->network->Deliver(fd, addr, data, len);
      return Finish(cb, true);
    }
    if (waiting.empty() && kernel->anyError != EAGAIN) return Finish(cb, false);
    Waiting one{ Bytes(data, data + len), {}, cb };
    std::memcpy(
      &one.addr, addr, addr->sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    waiting.push_back(std::move(one));
  }

  void OnBatchedDatagramsSent(size_t bytes) override
  {
    CHECK(!closed);
    batchedBytes += bytes;
  }

  int fd;
  UdpSendBatcher* batcher;
  Kernel* kernel;
  bool closed{ false };
  size_t batchedBytes{ 0 };
  unsigned sentNow{ 0 };
  std::deque<Waiting> waiting;
};

/** One loop with sockets in it. */
struct World
{
  explicit World(size_t socketCount = 2)
  {
    auto owned = std::make_unique<Kernel>(&network);
    kernel     = owned.get();
    batcher    = std::make_unique<UdpSendBatcher>(std::move(owned));
    for (size_t i = 0; i < socketCount; ++i)
      sockets.push_back(std::make_unique<Socket>(static_cast<int>(i), batcher.get(), kernel));
  }

  ~World()
  {
    // Closing answers what waits, and an answer may send through any of them.
    for (auto& socket : sockets)
      socket->Close();
    sockets.clear();
    CHECK(answered.size() == asked);
  }

  /** `then` runs in the callback. */
  uint32_t Send(size_t socket, unsigned destination, size_t len, std::function<void(bool)> then = {})
  {
    const auto id    = nextId++;
    const auto bytes = DatagramOf(id, len);
    const auto addr  = AddressOf(destination);
    asked++;
    auto* cb = new UdpSendBatcher::onSendCallback(
      [this, id, then = std::move(then)](bool sent)
      {
        CHECK(answered.emplace(id, sent).second);
        if (then) then(sent);
      });
    sockets[socket]->Send(bytes.data(), len, reinterpret_cast<const sockaddr*>(&addr), cb);
    return id;
  }

  /** As libuv does it when a socket is readable: each datagram, then the news that there is no more. */
  void Read(size_t socket, const std::function<void()>& process)
  {
    batcher->BeforeDatagramProcessed(sockets[socket].get());
    process();
    batcher->AfterDatagramProcessed();
    batcher->EndReading();
  }

  Network network;
  Kernel* kernel;
  std::unique_ptr<UdpSendBatcher> batcher;
  std::vector<std::unique_ptr<Socket>> sockets;
  std::map<uint32_t, bool> answered;
  size_t asked{ 0 };
  uint32_t nextId{ 1 };
};
} // namespace model
