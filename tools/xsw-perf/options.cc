// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-perf/options.h"

#include <getopt.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw::perf {
namespace {

constexpr char kHelp[] =
    R"(Usage: xsw-perf send|recv|echo|lat PORT [OPTIONS]

Measures over queues of an eswitch port of class queues (PORT is eth0/3, or the path of its socket).

  send  frames to --dst, as fast as it goes or at --rate
  recv  counts frames, and by their numbers those that are missing
  echo  sends every frame that is addressed to the port back to its source
  lat   one frame at a time to --dst, where an echo runs; round trip times

  -d, --dst MAC      where to (send, lat)
  -s, --src MAC      where from (default: the port's own address)
  -q, --queue N[-M]  queues to use (default 0); send uses the first one
  -l, --size BYTES   of a frame, without FCS (default 60)
  -n, --count N      end after N frames (lat: default 10000)
  -t, --time S       end after S seconds (send: default 10 unless --count)
  -r, --rate N       frames a second (send)
  -b, --batch N      frames a call, 1 to 512 (default 64)
  -B, --busy         never sleep: shortest latency, a whole CPU
      --depth N      of each ring, a power of two (default 2048)
      --memory BYTES of each queue (default 2 * depth buffers)
      --buffer BYTES 2048 (default) or 4096
  -j, --json         the result as JSON
  -V, --version
  -h, --help
)";

enum { kDepth = 256, kMemory, kBuffer };
constexpr option kOptions[] = {{"dst", required_argument, nullptr, 'd'},
                               {"src", required_argument, nullptr, 's'},
                               {"queue", required_argument, nullptr, 'q'},
                               {"size", required_argument, nullptr, 'l'},
                               {"count", required_argument, nullptr, 'n'},
                               {"time", required_argument, nullptr, 't'},
                               {"rate", required_argument, nullptr, 'r'},
                               {"batch", required_argument, nullptr, 'b'},
                               {"busy", no_argument, nullptr, 'B'},
                               {"depth", required_argument, nullptr, kDepth},
                               {"memory", required_argument, nullptr, kMemory},
                               {"buffer", required_argument, nullptr, kBuffer},
                               {"json", no_argument, nullptr, 'j'},
                               {"version", no_argument, nullptr, 'V'},
                               {"help", no_argument, nullptr, 'h'},
                               {nullptr, 0, nullptr, 0}};

template <typename T>
absl::Status Number(const char* name, uint64_t least, uint64_t most, T* to) {
  uint64_t value;
  if (!absl::SimpleAtoi(optarg, &value) || value < least || value > most)
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " ", optarg, " is not a number from ", least, " to ", most));
  *to = static_cast<T>(value);
  return absl::OkStatus();
}

absl::Status Address(std::optional<Mac>* to) {
  XSW_ASSIGN_OR_RETURN(*to, ParseMac(optarg));
  return absl::OkStatus();
}

absl::Status Queues(Options* options) {
  unsigned first, last;
  char rest;
  const int fields = std::sscanf(optarg, "%u-%u%c", &first, &last, &rest);
  if (fields == 1) last = first;
  if (fields < 1 || fields > 2 || last < first || last > 63)
    return absl::InvalidArgumentError(
        absl::StrCat("--queue ", optarg, " is not N or N-M, up to 63"));
  options->first_queue = first;
  options->last_queue = last;
  return absl::OkStatus();
}

absl::Status Seconds(Options* options) {
  if (!absl::SimpleAtod(optarg, &options->seconds) || !(options->seconds > 0))
    return absl::InvalidArgumentError(
        absl::StrCat("--time ", optarg, " is not a number of seconds"));
  return absl::OkStatus();
}

absl::Status Set(int letter, Options* options) {
  switch (letter) {
    case 'd':
      return Address(&options->dst);
    case 's':
      return Address(&options->src);
    case 'q':
      return Queues(options);
    case 'l':
      return Number("size", 34, 65535, &options->size);
    case 'n':
      return Number("count", 1, UINT64_MAX, &options->count);
    case 't':
      return Seconds(options);
    case 'r':
      return Number("rate", 1, 1000000000, &options->rate);
    case 'b':
      return Number("batch", 1, 512, &options->batch);
    case kDepth:
      return Number("depth", 64, 32768, &options->depth);
    case kMemory:
      return Number("memory", 65536, UINT32_MAX, &options->memory);
    case kBuffer:
      return Number("buffer", 2048, 4096, &options->buffer);
    case 'B':
      options->busy = true;
      return absl::OkStatus();
    case 'j':
      options->json = true;
      return absl::OkStatus();
    case 'V':
      std::printf("xsw-perf %s\n", XSW_VERSION);
      std::exit(0);
    case 'h':
      std::fputs(kHelp, stdout);
      std::exit(0);
    default:  // getopt has said it
      std::exit(2);
  }
}

absl::Status SetMode(const std::string& word, Options* options) {
  for (Mode mode : {Mode::kSend, Mode::kRecv, Mode::kEcho, Mode::kLat}) {
    if (word != ModeWord(mode)) continue;
    options->mode = mode;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", word, "\" is not send, recv, echo or lat"));
}

}  // namespace

const char* ModeWord(Mode mode) {
  constexpr const char* kWords[] = {"send", "recv", "echo", "lat"};
  return kWords[static_cast<int>(mode)];
}

absl::StatusOr<Options> ParseOptions(int argc, char** argv) {
  Options options;
  for (int letter;
       (letter = getopt_long(argc, argv, "d:s:q:l:n:t:r:b:BjVh", kOptions, nullptr)) != -1;)
    XSW_RETURN_IF_ERROR(Set(letter, &options));
  if (argc - optind != 2)
    return absl::InvalidArgumentError("say what to do and with which port: xsw-perf --help");
  XSW_RETURN_IF_ERROR(SetMode(argv[optind], &options));
  options.port = argv[optind + 1];
  const bool sends = options.mode == Mode::kSend || options.mode == Mode::kLat;
  if (sends && !options.dst)
    return absl::InvalidArgumentError(
        absl::StrCat(ModeWord(options.mode), " needs --dst MAC"));
  if (options.mode == Mode::kSend && !options.count && options.seconds == 0) options.seconds = 10;
  if (options.mode == Mode::kLat && !options.count) options.count = 10000;
  return options;
}

}  // namespace xsw::perf
