import TestSupport

/// What is looked at in each exchange with a test's forge.
enum Exchanges {
    static func check(_ server: ForgeServer) {}
}
