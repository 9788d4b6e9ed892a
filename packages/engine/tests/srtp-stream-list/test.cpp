// Unit tests of compat/srtp-stream-list.c and a comparison with std::map over random input: `test [runs] [seed]`.
#include "../check.hpp"
#include "alloc.h"
#include "stream_list_priv.h"
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>

static bool memoryIsFull{ false };

extern "C" void* srtp_crypto_alloc(size_t size)
{
  return memoryIsFull ? nullptr : std::calloc(1, size);
}

extern "C" void srtp_crypto_free(void* ptr)
{
  std::free(ptr);
}

namespace
{
struct List
{
  List()
  {
    CHECK(srtp_stream_list_alloc(&list) == srtp_err_status_ok);
  }
  ~List()
  {
    while (!model.empty())
    {
      Remove(model.begin()->first);
    }
    CHECK(srtp_stream_list_dealloc(list) == srtp_err_status_ok);
  }
  srtp_err_status_t Insert(uint32_t ssrc)
  {
    auto stream       = std::make_unique<srtp_stream_ctx_t_>(srtp_stream_ctx_t_{ ssrc });
    const auto status = srtp_stream_list_insert(list, stream.get());
    if (status == srtp_err_status_ok)
    {
      model[ssrc] = std::move(stream);
    }
    return status;
  }
  void Remove(uint32_t ssrc)
  {
    srtp_stream_list_remove(list, model.at(ssrc).get());
    model.erase(ssrc);
  }
  void Check(uint32_t ssrc) const
  {
    const auto found = model.find(ssrc);
    CHECK(srtp_stream_list_get(list, ssrc) == (found == model.end() ? nullptr : found->second.get()));
  }
  template<typename Visit>
  void ForEach(Visit visit)
  {
    srtp_stream_list_for_each(
      list, [](srtp_stream_t stream, void* data) { return (*static_cast<Visit*>(data))(stream) ? 1 : 0; }, &visit);
  }

  srtp_stream_list_t list{ nullptr };
  std::map<uint32_t, std::unique_ptr<srtp_stream_ctx_t_>> model;
};

constexpr uint32_t Last{ UINT32_MAX };

void FindsWhatItHoldsAndNothingElse()
{
  for (uint32_t size = 0; size < 70; ++size)
  {
    List list;
    for (uint32_t n = 0; n < size; ++n)
    {
      CHECK(list.Insert(2 * n + 1) == srtp_err_status_ok);
    }
    for (uint32_t ssrc = 0; ssrc <= 2 * size + 1; ++ssrc)
    {
      list.Check(ssrc);
    }
    list.Check(Last);
  }
}

void TakesTheSmallestAndTheLargestSsrc()
{
  List list;
  for (const uint32_t ssrc : { Last, 0u, 1u, Last - 1 })
  {
    CHECK(list.Insert(ssrc) == srtp_err_status_ok);
    for (const uint32_t other : { 0u, 1u, 2u, Last - 2, Last - 1, Last })
    {
      list.Check(other);
    }
  }
}

void IsNotFreedBeforeItIsEmpty()
{
  List list;
  list.Insert(7);
  CHECK(srtp_stream_list_dealloc(list.list) == srtp_err_status_fail);
  list.Check(7);
}

void LeavesWhatItDoesNotHold()
{
  List list;
  list.Insert(7);
  for (const uint32_t ssrc : { 6u, 7u, 8u })
  {
    srtp_stream_ctx_t_ stranger{ ssrc };
    srtp_stream_list_remove(list.list, &stranger);
  }
  list.Check(7);
}

void TellsThatThereIsNoMemory()
{
  List list;
  memoryIsFull = true;
  CHECK(list.Insert(1) == srtp_err_status_alloc_fail);
  memoryIsFull = false;
  CHECK(list.Insert(2) == srtp_err_status_ok);
  memoryIsFull = true;
  uint32_t ssrc{ 3 };
  while (list.Insert(ssrc) == srtp_err_status_ok)
  {
    ++ssrc;
  }
  memoryIsFull = false;
  for (uint32_t n = 0; n <= ssrc; ++n)
  {
    list.Check(n);
  }
  srtp_stream_list_t another{ nullptr };
  memoryIsFull = true;
  CHECK(srtp_stream_list_alloc(&another) == srtp_err_status_alloc_fail);
  memoryIsFull = false;
}

void StopsWhenTheCallbackSaysSo()
{
  List list;
  for (uint32_t ssrc = 0; ssrc < 9; ++ssrc)
  {
    list.Insert(ssrc);
  }
  int visited{ 0 };
  list.ForEach([&](srtp_stream_t) { return ++visited == 4; });
  CHECK(visited == 4);
}

// Each step is an insertion, a removal, a look or a walk that removes some of what it meets.
void AgreesWithAMap(unsigned runs, unsigned seed)
{
  std::mt19937 random{ seed };
  for (unsigned run = 0; run < runs; ++run)
  {
    List list;
    // Few values, so that they meet, in some runs; any in others.
    const uint32_t range = run % 2 == 0 ? 64 : Last;
    for (auto steps = random() % 300; steps > 0; --steps)
    {
      const uint32_t ssrc = random() % range;
      switch (random() % 8)
      {
        case 0:
        case 1:
        case 2:
        case 3:
          if (!list.model.contains(ssrc))
          {
            memoryIsFull    = random() % 16 == 0;
            const auto status = list.Insert(ssrc);
            CHECK(status == srtp_err_status_ok || memoryIsFull);
            memoryIsFull = false;
          }
          break;
        case 4:
          if (list.model.contains(ssrc))
          {
            list.Remove(ssrc);
          }
          break;
        case 5:
        {
          const auto one = random() % 3;
          std::set<uint32_t> seen;
          const auto size = list.model.size();
          list.ForEach([&](srtp_stream_t stream) {
            CHECK(seen.insert(stream->ssrc).second);
            CHECK(list.model.at(stream->ssrc).get() == stream);
            if (stream->ssrc % 3 == one)
            {
              list.Remove(stream->ssrc);
            }
            return false;
          });
          CHECK(seen.size() == size);
          break;
        }
        default:
          list.Check(ssrc);
      }
    }
    for (const auto& [ssrc, stream] : list.model)
    {
      list.Check(ssrc);
    }
  }
}
} // namespace

int main(int argc, char** argv)
{
  const std::pair<const char*, void (*)()> tests[]{
    { "finds what it holds and nothing else", FindsWhatItHoldsAndNothingElse },
    { "takes the smallest and the largest SSRC", TakesTheSmallestAndTheLargestSsrc },
    { "is not freed before it is empty", IsNotFreedBeforeItIsEmpty },
    { "leaves what it does not hold", LeavesWhatItDoesNotHold },
    { "tells that there is no memory", TellsThatThereIsNoMemory },
    { "stops when the callback says so", StopsWhenTheCallbackSaysSo },
  };
  for (const auto& [name, test] : tests)
  {
    test();
    std::printf("ok  %s\n", name);
  }
  const unsigned runs = argc > 1 ? std::atoi(argv[1]) : 20'000;
  const unsigned seed = argc > 2 ? std::atoi(argv[2]) : std::random_device{}();
  std::printf("comparing with a map: %u runs, seed %u\n", runs, seed);
  AgreesWithAMap(runs, seed);
  std::printf("%zu tests passed\n", std::size(tests) + 1);
}
