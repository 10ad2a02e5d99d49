extension ManifestFile {
    /// The update that sets the one revision of a file: `targetRevision` of an Argo CD Application or ApplicationSet, the
    /// deciding key of `ref` of a Flux GitRepository or OCIRepository, the chart's version of a HelmRelease.
    ///
    /// - Parameter source: the source of an Application with several.
    /// - Throws: ``ManifestError`` if the file holds none of these.
    public func revisionUpdate(_ revision: String, source: SourceSelector = .only) throws(ManifestError) -> ManifestUpdate {
        func has(_ kinds: Set<String>, _ group: String) -> Bool {
            !ManifestObject.all(in: file, kinds: kinds, group: group).isEmpty
        }
        if has(["ApplicationSet"], "argoproj.io") {
            var selector = source
            selector.holder = .applicationSet
            return .applicationTargetRevision(revision, source: selector)
        }
        if has(Set(FluxObject.referenceKeys.keys), FluxObject.sourceGroup) {
            let object = try FluxObject.source(in: file, named: source.object)
            guard let key = FluxObject.decidingKey(of: object) else {
                throw .fault(.notFound, "set the revision", "\(object.title) has no `spec.ref`", at: object.root, in: file)
            }
            return .fluxReference(key: key, text: revision, beside: [], object: source.object)
        }
        if has(["HelmRelease"], FluxObject.helmGroup) { return .fluxChartVersion(revision, object: source.object) }
        return .applicationTargetRevision(revision, source: source)
    }
}
