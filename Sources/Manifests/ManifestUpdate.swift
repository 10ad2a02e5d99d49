public import YAMLEdit

/// One declared change to a manifest.
///
/// Where `create` is true what is missing is added; otherwise a missing field is an error.
public enum ManifestUpdate: Sendable, Hashable {
    /// The entry of a kustomization's `images` with this `name`.
    ///
    /// What is nil stays, except that a tag without a digest removes the entry's digest and a digest without a tag its tag: an
    /// entry with both would deploy the old digest.
    case kustomizationImage(name: String, newName: String?, tag: String?, digest: String?, create: Bool)
    /// The entry with exactly these fields, as `kustomize edit set image` leaves it: what is nil is removed.
    case kustomizationEntry(name: String, newName: String?, tag: String?, digest: String?, create: Bool)
    /// `targetRevision` of a source of an Argo CD Application.
    case applicationTargetRevision(String, source: SourceSelector)
    /// The value of a Helm parameter of a source of an Argo CD Application.
    case applicationHelmParameter(name: String, value: String, source: SourceSelector, create: Bool = false)
    /// A value of `helm.valuesObject`, or where there is none of the YAML in `helm.values`.
    case applicationHelmValue(
        path: YAMLPath, text: String, typing: ValueTyping, source: SourceSelector, create: Bool = false)
    /// The entry of `kustomize.images` for the image that the argument names.
    case applicationKustomizeImage(ImageArgument, source: SourceSelector, create: Bool = false)
    /// A field of the one element of an ApplicationSet's list generators that has all these texts.
    case applicationSetElement(
        matching: [YAMLPath.Condition], path: YAMLPath, text: String, typing: ValueTyping, object: String?,
        create: Bool = false)
    /// A version in a `Chart.yaml`.
    case chart(ChartField, String)
    /// The image of containers of plain workloads; a tag or digest that is nil is removed, `*` stays.
    case containerImage(ContainerSelector, newName: String?, tag: String?, digest: String?)
    /// `spec.chart.spec.version` of a Flux HelmRelease.
    case fluxChartVersion(String, object: String?)
    /// A value below `spec.values` of a Flux HelmRelease.
    case fluxValue(path: YAMLPath, text: String, typing: ValueTyping, object: String?, create: Bool = false)
    /// A key of `spec.ref` of a Flux GitRepository or OCIRepository; `beside` are the keys that are set together with it.
    case fluxReference(key: String, text: String, beside: [String], object: String?)
    /// The entry of `spec.images` of a Flux Kustomization; as `kustomizationImage`.
    case fluxImage(name: String, tag: String?, digest: String?, object: String?, create: Bool)
    /// Every value of the file whose line carries the marker of a Flux image policy, `namespace:name`.
    ///
    /// Without an image name, names in the file stay.
    case imagePolicy(String, image: String?, tag: String?, digest: String?)
    /// Any scalar of a YAML or JSON file.
    case value(path: YAMLPath, text: String, typing: ValueTyping, create: Bool = false)
    /// The one part of a scalar that a regular expression matches, or its first group if it has one.
    case match(path: YAMLPath, pattern: String, text: String, typing: ValueTyping)
    /// Nothing is written unless the file is JSON; combined with `value`.
    case requireJSON
}

/// Where a `Chart.yaml` holds a version.
public enum ChartField: Sendable, Hashable {
    case version
    case appVersion
    /// The version of the dependency with that alias or name.
    case dependency(String)
}

/// Which containers of a file are meant; all conditions that are given must hold.
public struct ContainerSelector: Sendable, Hashable {
    /// `Kind/name`, or the name of the workload.
    public var object: String?
    /// The container's `name`.
    public var container: String?
    /// The name part of the container's `image`.
    public var image: String?

    public init(object: String? = nil, container: String? = nil, image: String? = nil) {
        self.object = object
        self.container = container
        self.image = image
    }
}
