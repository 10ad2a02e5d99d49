import Testing
import YAMLEdit

/// The manifests are of the kind that their agents expect, and none was copied from another stage and forgotten.
@Suite struct SampleManifestTests {
    @Test func loadsEveryFile() throws {
        let files = try SampleFiles.all()
        #expect(files.count > 50)
        for file in files {
            #expect(try SampleFiles.bytes(file).last == UInt8(ascii: "\n"), "\(file) has no final newline")
            // Templates are manifests only once they are rendered.
            guard file.hasSuffix(".yaml"), !file.hasPrefix("templates/") else {
                #expect(["templates/application.yaml", "templates/commit.mustache", "templates/kustomization.yaml"].contains(file))
                continue
            }
            let documents = try Self.yaml(file).documents
            #expect(documents.count == 1 && documents.first?.kind == .mapping, "\(file)")
        }
    }

    @Test func holdsOnlyFilesThatAreUsed() throws {
        var used = Set<String>()
        for service in SampleCell.services {
            for stage in SampleCell.stages {
                used.formUnion(try SampleCell(service, stage).files)
                used.formUnion(try Self.resources(of: "environments/\(stage)/\(service)"))
            }
        }
        #expect(try SampleFiles.files(in: "environments").sorted() == used.sorted())
    }

    @Test(arguments: SampleCell.services, SampleCell.stages)
    func deploysTheServiceIntoItsStage(_ service: String, _ stage: String) throws {
        let file = try Self.yaml("environments/\(stage)/applications/\(service).yaml")
        let isMultiSource = try file.node(at: YAMLPath(keys: ["spec"]))["sources"] != nil
        let chart = isMultiSource ? "spec.sources[name=chart]" : "spec.source"
        let expected = [
            ("apiVersion", "argoproj.io/v1alpha1"), ("kind", "Application"), ("metadata.name", "\(service)-\(stage)"),
            ("metadata.namespace", "argocd"), ("spec.destination.namespace", "bookverse-\(stage)"),
            ("\(chart).name", "chart"), ("\(chart).repoURL", "https://git.example/bookverse/\(service).git"),
            ("\(chart).helm.parameters[name=global.environment].value", stage),
        ]
        for (path, text) in expected { #expect(try file.get(YAMLPath(parsing: path)) == text, "\(file.path) \(path)") }
        let domain = try file.get(YAMLPath(parsing: "\(chart).helm.parameters[name=global.domain].value"))
        #expect(domain.hasSuffix(stage == "prod" ? "bookverse.example" : "\(stage).bookverse.example"))
        for other in SampleCell.stages where other != stage { #expect(!domain.hasPrefix("\(other).")) }
    }

    @Test(arguments: SampleCell.services, SampleCell.stages)
    func syncsByItselfEverywhereButInProd(_ service: String, _ stage: String) throws {
        let file = try Self.yaml("environments/\(stage)/applications/\(service).yaml")
        let spec = try file.node(at: YAMLPath(keys: ["spec"]))
        #expect((spec["syncPolicy"]?["automated"] != nil) == (stage != "prod"))
    }

    @Test(arguments: ["recommendations", "web"], SampleCell.stages)
    func readsTheValuesOfItsOwnStage(_ service: String, _ stage: String) throws {
        let file = try Self.yaml("environments/\(stage)/applications/\(service).yaml")
        let values = "environments/\(stage)/values/\(service).yaml"
        #expect(try file.get(YAMLPath(parsing: "spec.sources[name=chart].helm.valueFiles[0]")) == "$values/\(values)")
        #expect(try file.get(YAMLPath(parsing: "spec.sources[ref=values].targetRevision")) == "main")
        let repository = try Self.yaml(values).get(YAMLPath(keys: ["image", "repository"]))
        #expect(repository == "registry.example/bookverse/\(service)")
    }

    @Test(arguments: SampleCell.services, SampleCell.stages)
    func overlaysTheBaseOfTheService(_ service: String, _ stage: String) throws {
        let overlay = try Self.yaml("environments/\(stage)/\(service)/kustomization.yaml")
        #expect(try overlay.get(YAMLPath(keys: ["namespace"])) == "bookverse-\(stage)")
        #expect(try overlay.get(YAMLPath(parsing: "resources[0]")) == "../../base/\(service)")
        let workload = try Self.yaml("environments/base/\(service)/deployment.yaml")
        let image = try workload.get(YAMLPath(parsing: "spec.template.spec.containers[name=\(service)].image"))
        #expect(image == "registry.example/bookverse/\(service)")
    }

    private static func yaml(_ path: String) throws -> YAMLFile {
        try YAMLFile(bytes: SampleFiles.bytes(path), path: path)
    }

    /// A folder's kustomization and all that it names, as `kustomize build` would read them.
    private static func resources(of folder: String) throws -> [String] {
        let file = "\(folder)/kustomization.yaml"
        let resources = try yaml(file).node(at: YAMLPath(keys: ["resources"])).items.compactMap(\.scalarText)
        return try [file] + resources.flatMap { resource in
            let path = joined(folder, resource)
            return path.hasSuffix(".yaml") ? [path] : try Self.resources(of: path)
        }
    }

    private static func joined(_ folder: String, _ relative: String) -> String {
        var parts = folder.split(separator: "/")
        for part in relative.split(separator: "/") {
            if part == ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
