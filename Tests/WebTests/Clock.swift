import Glibc

/// Seconds since 1970.
func now() -> Int { time(nil) }
