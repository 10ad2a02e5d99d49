import ArgumentParser
import Glibc
import Manifests
import PromotionEngine
import YAMLEdit

struct EditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Edit single values of a YAML or JSON file; every other byte stays",
        subcommands: [Set.self, Get.self, Image.self, Revision.self])

    /// Where the result goes.
    struct Target: ParsableArguments {
        @Flag(help: "Print the result; leave the file")
        var stdout = false

        @Flag(help: "Write nothing; exit 3 if the file would change")
        var check = false

        func write(_ bytes: [UInt8], over old: [UInt8], path: String, _ changes: [FieldChange], _ settings: Settings) throws {
            if stdout, settings.output == .text {
                Console.write(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO)
            } else {
                if bytes != old, !check, !stdout { try LocalFile.replace(path, with: bytes) }
                report(changes, path, stdout ? bytes : nil, changed: bytes != old, Console(settings))
            }
            if check, bytes != old { throw Finished(code: 3) }
        }

        private func report(_ changes: [FieldChange], _ path: String, _ content: [UInt8]?, changed: Bool, _ console: Console) {
            var members: [String: JSONValue] = [
                "apiVersion": "gradus/v1", "kind": "Edit", "file": .string(path), "changed": .bool(changed),
                "fields": .array(
                    changes.map { change in
                        ["field": .string(change.path), "old": .optional(change.old), "new": .optional(change.new), "line": .int(change.line)]
                    }),
            ]
            if let content { members["content"] = .string(String(decoding: content, as: UTF8.self)) }
            console.show(.object(members)) {
                changes.map { change in
                    change.old == change.new
                        ? "\(path):\(change.line): \(change.path) is \(change.old ?? "(none)") already"
                        : "\(path):\(change.line): \(change.path): \(change.old ?? "(none)") -> \(change.new ?? "(none)")"
                }.joined(separator: "\n")
            }
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Set values at paths",
            discussion: "Example:\n  gradus edit set values.yaml image.tag=1.4.2 'env[name=LOG].value=debug'")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: Target

        @Argument(help: "The file")
        var file: String

        @Argument(help: ArgumentHelp("What to set", valueName: "path=value"))
        var assignments: [String]

        @Flag(help: "Add what a path lacks")
        var create = false

        @Flag(help: "Change a value behind an alias or merge key at its anchor, for every place that uses it")
        var anchors = false

        func run() throws {
            let manifest = try ManifestFile(bytes: try LocalFile.read(file), path: file)
            let updates = try assignments.map { text in
                let (path, value) = try YAMLPath.parsingAssignment(text)
                return ManifestUpdate.value(path: path, text: value, typing: .keepType, create: create)
            }
            let (bytes, changes) = try manifest.applying(updates, throughAliases: anchors)
            try target.write(bytes, over: manifest.file.bytes, path: file, changes, try Settings(global))
        }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "get", abstract: "Print the value at a path", discussion: "Example:\n  gradus edit get values.yaml image.tag")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The file")
        var file: String

        @Argument(help: "The path")
        var path: String

        func run() throws {
            let manifest = try ManifestFile(bytes: try LocalFile.read(file), path: file)
            let value = try manifest.file.get(try YAMLPath(parsing: path))
            Console(try Settings(global)).show(
                ["apiVersion": "gradus/v1", "kind": "Value", "file": .string(file), "path": .string(path), "value": .string(value)]
            ) { value }
        }
    }

    struct Image: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "image", abstract: "Set images of a kustomization, an Application or a workload, in kustomize's grammar",
            discussion: """
                Example:
                  gradus edit image kustomization.yaml registry.example/web:1.4.2

                [NAME=]NEWNAME[:TAG][@DIGEST]; `*` keeps what the file has.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: Target

        @Argument(help: "The file")
        var file: String

        @Argument(help: ArgumentHelp("The images", valueName: "image"))
        var images: [String]

        @Flag(help: "Add an image that the file does not name")
        var create = false

        func run() throws {
            let manifest = try ManifestFile(bytes: try LocalFile.read(file), path: file)
            let updates = try images.map { try ImageArgument(parsing: $0).update(in: manifest, create: create) }
            let (bytes, changes) = try manifest.applying(updates)
            try target.write(bytes, over: manifest.file.bytes, path: file, changes, try Settings(global))
        }
    }
}
