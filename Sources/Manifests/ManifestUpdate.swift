public import YAMLEdit

/// One declared change to a manifest.
public enum ManifestUpdate: Sendable, Hashable {
    /// The entry of a kustomization's `images` with this `name`.
    ///
    /// What is nil stays, except that a tag without a digest removes the entry's digest and a digest without a tag its tag: an
    /// entry with both would deploy the old digest. With `create` a missing entry is added.
    case kustomizationImage(name: String, newName: String?, tag: String?, digest: String?, create: Bool)
    /// `targetRevision` of a source of an Argo CD Application.
    case applicationTargetRevision(String, source: SourceSelector)
    /// The value of an existing Helm parameter of a source of an Argo CD Application.
    case applicationHelmParameter(name: String, value: String, source: SourceSelector)
    /// Any existing scalar of a YAML or JSON file: Helm values, charts, plain manifests.
    case value(path: YAMLPath, text: String, typing: ValueTyping)
}
