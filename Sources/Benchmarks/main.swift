internal import Cassettes
internal import Libc

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch (arguments.first, arguments.count) {
  case ("grammar", 1):
    print(GrammarBenchmark().run())
  case ("reader", 2):
    print(try ReaderBenchmark(path: arguments[1]).run())
  case ("dialects", 1):
    print(DialectBenchmark().run())
  case ("faults", 2):
    print(try FaultBenchmark(path: arguments[1]).run())
  case ("limits", 1):
    print(try LimitBenchmark().run())
  case ("patterns", 1):
    print(try PatternBenchmark().run())
  default:
    print(
      "usage: TapedeckBenchmarks grammar | reader CASSETTE | dialects | patterns | limits "
        + "| faults CASSETTE")
    exit(64)
  }
} catch {
  print("TapedeckBenchmarks: \(error)")
  exit(65)
}
