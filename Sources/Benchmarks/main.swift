internal import Cassettes

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
do throws(CassetteError) {
  switch (arguments.first, arguments.count) {
  case ("grammar", 1):
    print(GrammarBenchmark().run())
  case ("reader", 2):
    print(try ReaderBenchmark(path: arguments[1]).run())
  default:
    print("usage: TapedeckBenchmarks grammar | reader CASSETTE")
    exit(64)
  }
} catch {
  print("TapedeckBenchmarks: \(error)")
  exit(65)
}
