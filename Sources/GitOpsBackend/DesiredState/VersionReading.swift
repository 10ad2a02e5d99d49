import Manifests
import PromotionEngine
import WorkflowModel

/// Tells a version from what a field holds.
struct VersionReading {
    let resolution: UpdateResolution
    /// Registered releases, to recognise tags that are not the version itself.
    let known: [Release]

    func version(in fields: [FieldChange], by template: UpdateResolution.VersionTemplate) -> String? {
        switch template {
        case .image(let name): image(name, in: fields)
        case .reference(let template, let name):
            fields.first?.old.flatMap { solved(template, for: $0) } ?? image(name, in: fields)
        case .text(let template):
            fields.first.flatMap { $0.part ?? $0.old }.flatMap { solved(template, for: $0) }
        }
    }

    /// The digest that an image is pinned to.
    func digest(in fields: [FieldChange]) -> String? {
        fields.lazy.compactMap { field in
            switch field.meaning {
            case .digest: field.old
            case .imageReference: field.old.flatMap { ImageReference($0)?.digest }
            case .text, .tag, .imageName: nil
            }
        }.first
    }

    private func solved(_ template: PlaceholderTemplate, for text: String) -> String? {
        let others: (String) -> String? = { resolution.value(of: $0) }
        if let version = template.solving(["version"], for: text, others) { return version }
        // `main` where `v{version}` is meant to stand: no release, and yet what the environment follows.
        let isVersion = template.placeholders.contains("version") || template.placeholders.contains("tag")
        if isVersion, VersionName.isFloating(text) { return text }
        return template.solving(["tag"], for: text, others).map { tag in
            known.last { $0.image(named: nil)?.tag == tag }?.version ?? tag
        }
    }

    private func image(_ name: String, in fields: [FieldChange]) -> String? {
        if let digest = digest(in: fields), let release = known.last(where: { image(name, of: $0)?.digest == digest }) {
            return release.version
        }
        let tag = fields.lazy.compactMap { field in
            switch field.meaning {
            case .tag: field.old
            case .imageReference: field.old.flatMap { ImageReference($0)?.tag }
            case .text, .digest, .imageName: nil
            }
        }.first
        return tag.map { tag in known.last { image(name, of: $0)?.tag == tag }?.version ?? tag }
    }

    private func image(_ name: String, of release: Release) -> Release.Image? {
        release.image(named: name) ?? release.image(named: nil)
    }
}
