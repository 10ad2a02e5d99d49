import ArgumentParser
import Manifests
import YAMLEdit

extension EditCommand {
    struct Revision: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revision", abstract: "Set the revision that an Application, ApplicationSet or Flux source follows",
            discussion: """
                Example:
                  gradus edit revision apps/web.yaml v1.4.2

                The `targetRevision` of an Argo CD Application or ApplicationSet, the deciding key of `ref` of a Flux
                GitRepository or OCIRepository, or the chart's version of a HelmRelease.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: Target

        @Argument(help: "The file")
        var file: String

        @Argument(help: "The revision")
        var revision: String

        @Option(help: ArgumentHelp("Of several sources, the one with this repoURL", valueName: "url"))
        var sourceRepo: String?

        @Option(help: ArgumentHelp("Of several sources, the one with this chart", valueName: "chart"))
        var sourceChart: String?

        @Option(help: ArgumentHelp("Of several sources, the one with this name", valueName: "name"))
        var sourceName: String?

        @Option(help: ArgumentHelp("Of several sources, the one at this position, from 0", valueName: "n"))
        var sourceIndex: Int?

        @Option(help: ArgumentHelp("Of several objects in the file, the one with this name", valueName: "name"))
        var object: String?

        func run() throws {
            let manifest = try ManifestFile(bytes: try LocalFile.read(file), path: file)
            let selector = SourceSelector(
                repoURL: sourceRepo, chart: sourceChart, name: sourceName, index: sourceIndex, object: object)
            let update = try manifest.revisionUpdate(revision, source: selector)
            let (bytes, changes) = try manifest.applying([update])
            try target.write(bytes, over: manifest.file.bytes, path: file, changes, try Settings(global))
        }
    }
}
