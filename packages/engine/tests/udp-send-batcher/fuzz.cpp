// Feeds UdpSendBatcher with any sequence of reads, sends, closes and kernel moods; the model checks what comes out.
// With clang: libFuzzer. Without: `fuzz [runs] [seed]` makes its own input.
#include "model.hpp"
#include <random>

namespace
{
using model::World;

constexpr size_t Sockets      = 3;
constexpr size_t Destinations = 7;

/** Bytes of the input, and zeroes behind its end. */
struct Input
{
  uint8_t Next()
  {
    return at < size ? data[at++] : uint8_t{ 0 };
  }
  const uint8_t* data;
  size_t size;
  size_t at{ 0 };
};

constexpr int Errors[]{ 0, 0, 0, EAGAIN, EIO, EINVAL, EMSGSIZE, EPERM, ENOBUFS, EINTR };

size_t LengthOf(uint8_t byte)
{
  // Often the same ones, and around the limits.
  constexpr size_t lengths[]{ 1100, 1100, 1100, 1101, 160, 160, 8, 9, 1452, 1453, 1500, 9000, 65000 };
  return byte < 200 ? lengths[byte % std::size(lengths)] : model::MinLen + byte;
}

void Send(World& world, Input& input, int depth)
{
  const auto socket      = input.Next() % Sockets;
  const auto destination = input.Next() % Destinations;
  const auto len         = LengthOf(input.Next());
  const auto reaction    = depth < 3 ? input.Next() % 32 : 0;
  world.Send(socket, destination, len, [&world, &input, depth, reaction, socket](bool) {
    if (reaction == 1) Send(world, input, depth + 1);
    if (reaction == 2) world.sockets[socket]->Close();
  });
}

void Step(World& world, Input& input)
{
  auto& batcher = *world.batcher;
  const auto op = input.Next() % 16;
  const auto by = input.Next();
  switch (op)
  {
    case 0:
      return batcher.BeforeDatagramProcessed(world.sockets[by % Sockets].get());
    case 1:
      return batcher.AfterDatagramProcessed();
    case 2:
      batcher.EndReading();
      return;
    case 3:
      world.kernel->anyError = Errors[by % std::size(Errors)];
      return;
    case 4:
      world.kernel->segmentError = Errors[by % std::size(Errors)];
      return;
    case 5:
      world.kernel->mostPerCall = by % 5 == 0 ? 64 : by % 5;
      return;
    case 6:
      if (by < 16) world.sockets[by % Sockets]->Close();
      return;
    case 7:
      world.sockets[by % Sockets]->BecomeWritable();
      return;
    default:
      for (int i = 0; i < 1 + by % 8; ++i)
        Send(world, input, 0);
  }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
  Input input{ data, size };
  World world(Sockets);
  world.kernel->supported = input.Next() % 8 != 0;
  while (input.at < input.size)
    Step(world, input);
  world.batcher->EndReading();
  // Nothing may stay behind: what was not answered waits in a socket.
  size_t waiting = 0;
  for (const auto& socket : world.sockets)
    waiting += socket->waiting.size();
  CHECK(world.answered.size() + waiting == world.asked);
  return 0;
}

#ifndef POTLUCK_LIBFUZZER
int main(int argc, char* argv[])
{
  const auto runs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  const auto seed = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  for (unsigned long run = 0; run < runs; ++run)
  {
    std::mt19937_64 random(seed + run);
    std::vector<uint8_t> bytes(random() % 600);
    for (auto& byte : bytes)
      byte = static_cast<uint8_t>(random());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%lu random runs passed (seeds from %lu)\n", runs, seed);
}
#endif
