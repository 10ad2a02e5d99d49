import ArgumentParser

struct InitService: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "service", abstract: "Add a service to all environments")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service")
    var service: String

    func run() throws {}
}
