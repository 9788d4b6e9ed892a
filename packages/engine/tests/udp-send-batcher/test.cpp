// Unit tests of UdpSendBatcher; no framework, so that nothing but a compiler is needed.
#include "model.hpp"
#include <arpa/inet.h>
#include <unistd.h>

using model::World;
using Sizes = std::vector<size_t>;

static void PutsEqualSizesOfOneDestinationIntoOneMessage()
{
  World world;
  world.Read(0, [&] { for (int i = 0; i < 10; ++i) world.Send(0, 0, 1100); });
  CHECK(world.kernel->messageSegments == Sizes{ 10 });
  CHECK(world.network.arrived.size() == 10 && world.answered.size() == 10);
  CHECK(world.sockets[0]->batchedBytes == 11000);
}

static void EndsAMessageWithAShorterDatagramAndStartsOneForALonger()
{
  World world;
  world.Read(0, [&] { for (size_t len : { 100, 100, 99, 99, 100, 101, 101 }) world.Send(0, 0, len); });
  CHECK((world.kernel->messageSegments == Sizes{ 3, 1, 1, 2 }));
}

static void KeepsDestinationsAndSocketsApart()
{
  World world;
  world.Read(0, [&] {
    for (int i = 0; i < 4; ++i)
      for (unsigned destination = 0; destination < 3; ++destination)
        for (size_t socket = 0; socket < 2; ++socket) world.Send(socket, destination, 500);
  });
  CHECK((world.kernel->messageSegments == Sizes(6, 4)));
}

static void SendsTheMessagesOfOneSocketInOneCall()
{
  World world;
  world.Read(0, [&] { for (unsigned destination = 0; destination < 50; ++destination) world.Send(0, destination, 160); });
  CHECK(world.kernel->calls == 1 && world.network.arrived.size() == 50);
}

static void StopsAtTheKernelsLimits()
{
  World world;
  world.Read(0, [&] { for (int i = 0; i < 130; ++i) world.Send(0, 0, 100); });
  CHECK((world.kernel->messageSegments == Sizes{ 64, 64, 2 }));
  World bytes;
  bytes.Read(0, [&] { for (int i = 0; i < 60; ++i) bytes.Send(0, 0, 1400); });
  CHECK((bytes.kernel->messageSegments == Sizes{ 46, 14 }));
}

static void DoesNotSegmentWhatMayNotFitIntoTheMtu()
{
  World world;
  world.Read(0, [&] { for (int i = 0; i < 3; ++i) world.Send(0, 0, 1453); });
  CHECK((world.kernel->messageSegments == Sizes{ 1, 1, 1 }));
}

static void SendsAtOnceWhenNothingIsBeingRead()
{
  World world;
  world.Send(0, 0, 100);
  CHECK(world.sockets[0]->sentNow == 1 && world.network.arrived.size() == 1 && world.kernel->calls == 0);
}

static void SendsWhatWasGatheredBeforeAnotherSocketIsRead()
{
  World world;
  world.batcher->BeforeDatagramProcessed(world.sockets[0].get());
  world.Send(0, 0, 100);
  world.batcher->AfterDatagramProcessed();
  CHECK(world.network.arrived.empty());
  world.batcher->BeforeDatagramProcessed(world.sockets[1].get());
  CHECK(world.network.arrived.size() == 1);
  world.batcher->EndReading();
}

static void SendsAfterAsManyReadsAsLibuvDoesInARow()
{
  World world;
  for (size_t i = 0; i < UdpSendBatcher::MaxReadsPerRound; ++i)
  {
    CHECK(world.network.arrived.empty());
    world.batcher->BeforeDatagramProcessed(world.sockets[0].get());
    world.Send(0, 0, 100);
    world.batcher->AfterDatagramProcessed();
  }
  CHECK(world.network.arrived.size() == UdpSendBatcher::MaxReadsPerRound);
}

static void DoesWithoutSegmentationWhereTheKernelHasNone()
{
  World world;
  world.kernel->supported = false;
  for (int round = 0; round < 3; ++round)
    world.Read(0, [&] { for (int i = 0; i < 5; ++i) world.Send(0, 0, 100); });
  CHECK(world.kernel->probes == 1 && world.network.arrived.size() == 15);
  CHECK(world.kernel->messageSegments == Sizes(15, 1));
}

static void RemembersARefusal(int error, unsigned roundsNeeded)
{
  World world;
  world.kernel->segmentError = error;
  for (unsigned round = 0; round < roundsNeeded; ++round)
    world.Read(0, [&] { for (int i = 0; i < 5; ++i) world.Send(0, 0, 100); });
  CHECK(world.network.arrived.size() == 5 * roundsNeeded && world.sockets[0]->sentNow == 5 * roundsNeeded);
  world.kernel->segmentError = 0;
  world.Read(0, [&] { for (int i = 0; i < 5; ++i) world.Send(0, 0, 100); });
  CHECK(world.kernel->messageSegments == Sizes(5, 1));
  // Another socket may use another device.
  world.Read(1, [&] { for (int i = 0; i < 5; ++i) world.Send(1, 0, 100); });
  CHECK(world.kernel->messageSegments.back() == 5);
}

static void ForgivesARefusalThatIsDueToOneDestination()
{
  World world;
  for (int round = 0; round < 20; ++round)
  {
    world.kernel->segmentError = EINVAL;
    world.Read(0, [&] { for (int i = 0; i < 2; ++i) world.Send(0, 0, 100); });
    world.kernel->segmentError = 0;
    world.Read(0, [&] { for (int i = 0; i < 2; ++i) world.Send(0, 2, 100); });
  }
  CHECK(world.kernel->messageSegments.back() == 2);
}

static void LetsNothingOvertakeWhatWaitsForAFullSocket()
{
  World world;
  world.kernel->anyError = EAGAIN;
  world.Read(0, [&] { for (int i = 0; i < 5; ++i) world.Send(0, 0, 100); });
  CHECK(world.network.arrived.empty() && world.sockets[0]->waiting.size() == 5 && world.answered.empty());
  world.kernel->anyError = 0;
  world.Read(0, [&] { world.Send(0, 0, 100); });
  CHECK(world.network.arrived.empty());
  world.sockets[0]->BecomeWritable();
  CHECK(world.network.arrived.size() == 6 && world.answered.size() == 6);
}

static void GoesOnWhereTheKernelStopped()
{
  World world;
  world.kernel->mostPerCall = 3;
  world.Read(0, [&] { for (unsigned destination = 0; destination < 10; ++destination) world.Send(0, destination, 100); });
  CHECK(world.kernel->calls == 4 && world.network.arrived.size() == 10);
}

static void AsksAgainWhenASignalInterrupts()
{
  World world;
  world.kernel->anyError = EINTR;
  world.Read(0, [&] { world.Send(0, 0, 100); });
  CHECK(world.network.arrived.size() == 1 && world.sockets[0]->sentNow == 0);
}

static void TellsAFailure()
{
  World world;
  world.kernel->anyError = EPERM;
  world.Read(0, [&] { world.Send(0, 0, 100); });
  CHECK(world.answered.at(1) == false);
}

static void KeepsTheOrderWhenACallbackSends()
{
  World world;
  world.Read(0, [&] {
    world.Send(0, 0, 100, [&](bool) { world.Send(0, 0, 100); });
    world.Send(0, 0, 200);
    world.Send(0, 0, 100);
  });
  CHECK(world.network.arrived.size() == 4 && world.answered.size() == 4);
}

static void SurvivesASocketClosedByACallback()
{
  World world;
  world.kernel->mostPerCall = 1;
  world.Read(0, [&] {
    world.Send(0, 0, 100, [&](bool) { world.sockets[0]->Close(); });
    world.Send(0, 0, 100);
    world.Send(0, 0, 200);
    world.Send(1, 0, 100);
  });
  CHECK(world.answered.size() == 4 && world.answered.at(3) == false && world.answered.at(4) == true);
}

static void SendsTheRestWhenASocketCloses()
{
  World world;
  world.batcher->BeforeDatagramProcessed(world.sockets[0].get());
  world.Send(0, 0, 100);
  world.sockets[0]->Close();
  CHECK(world.network.arrived.size() == 1);
  world.batcher->EndReading();
}

static void BoundsItsMemory()
{
  World world;
  world.batcher->BeforeDatagramProcessed(world.sockets[0].get());
  for (int i = 0; i < 20'000; ++i) world.Send(0, static_cast<unsigned>(i % 3000), 1100);
  CHECK(world.network.arrived.size() >= 20'000 - UdpSendBatcher::ArenaSize / 1100 - 1);
  world.batcher->EndReading();
  CHECK(world.network.arrived.size() == 20'000);
}

/** A socket of this machine's own kernel. */
struct RealSocket final : UdpSendBatcher::Socket
{
  explicit RealSocket(int fd) : fd(fd)
  {
  }
  int GetFd() const override
  {
    return fd;
  }
  bool HasQueuedDatagrams() const override
  {
    return false;
  }
  void SendNow(const uint8_t* data, size_t len, const sockaddr* addr, UdpSendBatcher::onSendCallback* cb) override
  {
    const auto sent = sendto(fd, data, len, 0, addr, sizeof(sockaddr_in));
    model::Socket::Finish(cb, sent == static_cast<ssize_t>(len));
  }
  void OnBatchedDatagramsSent(size_t bytes) override
  {
    batched += bytes;
  }
  int fd;
  size_t batched{ 0 };
};

static void GoesThroughARealKernelUnharmed()
{
  const int from = socket(AF_INET, SOCK_DGRAM, 0);
  const int to   = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in addr{};
  addr.sin_family      = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t len        = sizeof(addr);
  CHECK(bind(to, reinterpret_cast<sockaddr*>(&addr), len) == 0);
  CHECK(getsockname(to, reinterpret_cast<sockaddr*>(&addr), &len) == 0);
  timeval patience{ 2, 0 };
  CHECK(setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0);

  UdpSendBatcher batcher;
  RealSocket sender(from);
  const Sizes sizes{ 1100, 1100, 1100, 700, 160, 160, 161, 1452, 1452, 8 };
  unsigned answers = 0;
  batcher.BeforeDatagramProcessed(&sender);
  uint32_t id = 0;
  for (const auto size : sizes)
  {
    const auto bytes = model::DatagramOf(++id, size);
    auto* cb         = new UdpSendBatcher::onSendCallback([&](bool sent) { answers += sent ? 1 : 0; });
    CHECK(batcher.Gather(&sender, bytes.data(), size, reinterpret_cast<sockaddr*>(&addr), cb));
  }
  batcher.EndReading();
  CHECK(answers == sizes.size());
  uint8_t buffer[2048];
  for (uint32_t i = 0; i < sizes.size(); ++i)
  {
    const auto got = recv(to, buffer, sizeof(buffer), 0);
    CHECK(got == static_cast<ssize_t>(sizes[i]));
    CHECK(std::memcmp(model::DatagramOf(i + 1, sizes[i]).data(), buffer, sizes[i]) == 0);
  }
  batcher.ForgetSocket(&sender);
  close(from);
  close(to);
}

int main()
{
  const std::vector<std::pair<const char*, std::function<void()>>> tests{
    { "puts equal sizes of one destination into one message", PutsEqualSizesOfOneDestinationIntoOneMessage },
    { "ends a message with a shorter datagram, starts one for a longer", EndsAMessageWithAShorterDatagramAndStartsOneForALonger },
    { "keeps destinations and sockets apart", KeepsDestinationsAndSocketsApart },
    { "sends the messages of one socket in one call", SendsTheMessagesOfOneSocketInOneCall },
    { "stops at the kernel's limits", StopsAtTheKernelsLimits },
    { "does not segment what may not fit into the MTU", DoesNotSegmentWhatMayNotFitIntoTheMtu },
    { "sends at once when nothing is being read", SendsAtOnceWhenNothingIsBeingRead },
    { "sends what was gathered before another socket is read", SendsWhatWasGatheredBeforeAnotherSocketIsRead },
    { "sends after as many reads as libuv does in a row", SendsAfterAsManyReadsAsLibuvDoesInARow },
    { "does without segmentation where the kernel has none", DoesWithoutSegmentationWhereTheKernelHasNone },
    { "remembers EIO at once", [] { RemembersARefusal(EIO, 1); } },
    { "remembers EINVAL after some in a row", [] { RemembersARefusal(EINVAL, UdpSendBatcher::MaxRefusals); } },
    { "forgives a refusal that is due to one destination", ForgivesARefusalThatIsDueToOneDestination },
    { "lets nothing overtake what waits for a full socket", LetsNothingOvertakeWhatWaitsForAFullSocket },
    { "goes on where the kernel stopped", GoesOnWhereTheKernelStopped },
    { "asks again when a signal interrupts", AsksAgainWhenASignalInterrupts },
    { "tells a failure", TellsAFailure },
    { "keeps the order when a callback sends", KeepsTheOrderWhenACallbackSends },
    { "survives a socket closed by a callback", SurvivesASocketClosedByACallback },
    { "sends the rest when a socket closes", SendsTheRestWhenASocketCloses },
    { "bounds its memory", BoundsItsMemory },
    { "goes through a real kernel unharmed", GoesThroughARealKernelUnharmed },
  };
  for (const auto& [name, test] : tests)
  {
    test();
    std::printf("ok  %s\n", name);
  }
  std::printf("%zu tests passed\n", tests.size());
}
