/// One place in a file that holds a version of something.
struct VersionPlace: Hashable {
    /// What an update has to say to write it.
    enum Kind: Hashable {
        case kustomization(image: String)
        case parameter(name: String, source: String?)
        case revision(source: String?)
        case helmValue(path: String)
        /// The version of a chart's dependency.
        case dependency(name: String)
        /// The containers of plain workloads that run the image.
        case workload(image: String)
        case flux(FluxField, object: String?)
        /// A field of the list element that has these texts, key and text joined by `: `.
        case element(conditions: [String], field: String)
    }

    enum FluxField: Hashable {
        case chartVersion
        case value(path: String)
        case reference(key: String)
        case image(String)
    }

    /// Nil: the target branch.
    var branch: String?
    var file: String
    var kind: Kind
    var value: String
    /// What the file calls itself: `metadata.name`.
    var name: String?
    /// The environment and the service that the place itself names, where its path does not.
    var stage: EnvironmentName?
    var service: String?
}

extension VersionPlace.Kind {
    /// The image that the place is for; nil for a place of another kind.
    var image: String? {
        switch self {
        case .kustomization(let image), .workload(let image), .flux(.image(let image), _): image
        default: nil
        }
    }

    /// The same kind of place for another image.
    func with(image: String) -> VersionPlace.Kind {
        switch self {
        case .kustomization: .kustomization(image: image)
        case .workload: .workload(image: image)
        case .flux(.image, let object): .flux(.image(image), object: object)
        default: self
        }
    }

    /// With a placeholder where an object or a dependency is named like the service.
    func naming(_ service: String) -> VersionPlace.Kind {
        switch self {
        case .flux(let field, let object?) where object.hasSuffix("/" + service):
            .flux(field, object: object.dropLast(service.count) + "{service}")
        case .dependency(service): .dependency(name: "{service}")
        default: self
        }
    }
}
