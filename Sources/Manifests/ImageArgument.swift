/// An argument in the grammar of `kustomize edit set image`: `[NAME=]NEWNAME[:TAG][@DIGEST]`.
///
/// `*` in place of a new name, tag or digest keeps what the file has.
public struct ImageArgument: Sendable, Hashable {
    /// What keeps the file's value.
    public static let keep = "*"

    /// The entry's `name`.
    public var name: String
    public var newName: String?
    public var tag: String?
    public var digest: String?

    /// - Throws: ``ManifestError`` with code `invalidArgument` for an empty name, or for a bare name that would change nothing.
    public init(parsing text: String) throws(ManifestError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isRenaming = parts.count == 2
        guard let reference = ImageReference(String(parts[parts.count - 1])), parts.first?.isEmpty == false
        else {
            throw .invalidArgument(text, "the image name is empty")
        }
        name = isRenaming ? String(parts[0]) : reference.name
        newName = isRenaming ? reference.name : nil
        tag = reference.tag
        digest = reference.digest
        guard isRenaming || tag != nil || digest != nil else {
            throw .invalidArgument(text, "there is neither a tag nor a digest nor a new name")
        }
    }

    /// An entry of an Application's `kustomize.images`, which may also be a bare name; nil if it is no image.
    init?(entry text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let reference = ImageReference(String(parts[parts.count - 1])), parts.first?.isEmpty == false else { return nil }
        name = parts.count == 2 ? String(parts[0]) : reference.name
        newName = parts.count == 2 ? reference.name : nil
        tag = reference.tag
        digest = reference.digest
    }

    /// The argument with every `*` replaced by what an entry has; a new name that it does not mention stays.
    func replacing(_ present: ImageArgument?) -> ImageArgument {
        var result = self
        result.newName = newName == nil || newName == Self.keep ? present?.newName : newName
        result.tag = tag == Self.keep ? present?.tag : tag
        result.digest = digest == Self.keep ? present?.digest : digest
        return result
    }

    /// The update this argument asks of a file, with every `*` replaced by the file's own value.
    ///
    /// In a kustomization the entry becomes what `kustomize edit set image` makes of it: what the argument does not mention is
    /// removed. In the `kustomize.images` of an Application and in a Flux Kustomization a new name stays; in a workload every
    /// container that runs the image gets the new one.
    ///
    /// - Throws: ``ManifestError`` if the file holds none of these, or an Application names the image twice.
    public func update(in file: ManifestFile, create: Bool = false) throws(ManifestError) -> ManifestUpdate {
        let document = file.file
        if !ManifestObject.all(in: document, kinds: ["Application"], group: "argoproj.io").isEmpty {
            return .applicationKustomizeImage(self, source: .only, create: create)
        }
        if WorkloadContainers.isWorkload(document) {
            return .containerImage(
                ContainerSelector(image: name), newName: newName, tag: tag, digest: digest)
        }
        if !ManifestObject.all(in: document, kinds: ["Kustomization"], group: FluxObject.kustomizationGroup).isEmpty {
            return .fluxImage(
                name: name, tag: tag == Self.keep ? nil : tag, digest: digest == Self.keep ? nil : digest, object: nil,
                create: create)
        }
        let present = try file.kustomizationImage(named: name)
        return .kustomizationEntry(
            name: name, newName: newName == Self.keep ? present?.newName : newName,
            tag: tag == Self.keep ? present?.tag : tag,
            digest: digest == Self.keep ? present?.digest : digest, create: create)
    }
}

extension ImageArgument: CustomStringConvertible {
    /// The argument in its grammar.
    public var description: String {
        let reference = ImageReference(name: newName ?? name, tag: tag, digest: digest).description
        return newName == nil ? reference : "\(name)=\(reference)"
    }
}
