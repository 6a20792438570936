internal import Cassettes
internal import Libc

let arguments = Array(CommandLine.arguments.dropFirst())
do throws(CassetteError) {
  switch (arguments.first, arguments.count) {
  case ("grammar", 1):
    print(GrammarBenchmark().run())
  case ("reader", 2):
    print(try ReaderBenchmark(path: arguments[1]).run())
  case ("dialects", 1):
    print(DialectBenchmark().run())
  default:
    print("usage: TapedeckBenchmarks grammar | reader CASSETTE | dialects")
    exit(64)
  }
} catch {
  print("TapedeckBenchmarks: \(error)")
  exit(65)
}
