#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("grammar", 1):
  print(GrammarBenchmark().run())
default:
  print("usage: TapedeckBenchmarks grammar")
  exit(64)
}
