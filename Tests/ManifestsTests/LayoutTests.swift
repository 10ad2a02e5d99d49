import Manifests
import Testing
import YAMLEdit

/// Files in the manner of well-known projects: one value each, and every other byte stays.
@Suite struct LayoutTests {
    /// As `helm create` writes values, with its comments and empty maps.
    static let chartValues = """
        # Default values for web.
        # This is a YAML-formatted file.

        replicaCount: 1

        image:
          repository: nginx
          # This sets the pull policy for images.
          pullPolicy: IfNotPresent
          # Overrides the image tag whose default is the chart appVersion.
          tag: ""

        imagePullSecrets: []
        nameOverride: ""
        podAnnotations: {}
        podSecurityContext: {}
          # fsGroup: 2000

        ingress:
          enabled: false
          className: ""
          annotations: {}
            # kubernetes.io/ingress.class: nginx
          hosts:
            - host: chart-example.local
              paths:
                - path: /
                  pathType: ImplementationSpecific
          tls: []

        resources: {}
          # limits:
          #   cpu: 100m

        autoscaling:
          enabled: false
          minReplicas: 1
          maxReplicas: 100

        """
    /// As large charts with subcharts write them: global anchors, `##` comments, `@param` lines.
    static let umbrellaValues = """
        ## @section Global parameters
        global:
          imageRegistry: &registry "docker.io"
          storageClass: ""
        ## @param primary.replicas Number
        primary:
          image:
            registry: *registry
            repository: library/postgres
            tag: 15.4.0-debian-11-r45   # renovate: datasource=docker
            digest: ""
          extraEnv:
          - name: TZ
            value: "UTC"
        metrics: {enabled: true, image: {tag: 0.13.2}}

        """
    static let overlay = """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization

        namePrefix: production-
        commonLabels:
          variant: production
          org: acmeCorporation
        commonAnnotations:
          note: Hello, I am production!
        resources:
        - ../../base
        patches:
        - path: deployment.yaml
        - patch: |-
            - op: replace
              path: /spec/replicas
              value: 10
          target:
            kind: Deployment
        images:
        - name: monopole/hello
          newTag: "1"
        configMapGenerator:
        - name: the-map
          literals:
          - altGreeting=Good Morning!

        """

    @Test(arguments: [
        ManifestCase("empty tag of a fresh chart", chartValues, "values.yaml",
            .value(path: try YAMLPath(parsing: "image.tag"), text: "1.25", typing: .string), replacing: ("  tag: \"\"", "  tag: \"1.25\"")),
        ManifestCase("number of a fresh chart", chartValues, "values.yaml",
            .value(path: try YAMLPath(parsing: "autoscaling.maxReplicas"), text: "10", typing: .keepType), replacing: ("maxReplicas: 100", "maxReplicas: 10")),
        ManifestCase("host in a list of maps", chartValues, "values.yaml",
            .value(path: try YAMLPath(parsing: "ingress.hosts[0].host"), text: "web.example", typing: .keepType),
            replacing: ("chart-example.local", "web.example")),
        ManifestCase("tag with a Renovate comment", umbrellaValues, "values.yaml",
            .value(path: try YAMLPath(parsing: "primary.image.tag"), text: "16.1.0", typing: .string),
            replacing: ("15.4.0-debian-11-r45 ", "16.1.0 ")),
        ManifestCase("anchored registry", umbrellaValues, "values.yaml",
            .value(path: try YAMLPath(parsing: "global.imageRegistry"), text: "mirror.example", typing: .keepType),
            replacing: ("\"docker.io\"", "\"mirror.example\"")),
        ManifestCase("tag in nested braces", umbrellaValues, "values.yaml",
            .value(path: try YAMLPath(parsing: "metrics.image.tag"), text: "0.14", typing: .string), replacing: ("0.13.2", "\"0.14\"")),
        ManifestCase("image of an overlay", overlay, "kustomization.yaml",
            .kustomizationImage(name: "monopole/hello", newName: nil, tag: "2", digest: nil, create: false),
            replacing: ("newTag: \"1\"", "newTag: \"2\"")),
        ManifestCase("second image of an overlay", overlay, "kustomization.yaml",
            .kustomizationImage(name: "monopole/db", newName: nil, tag: "3", digest: nil, create: true),
            replacing: ("newTag: \"1\"\n", "newTag: \"1\"\n- name: monopole/db\n  newTag: \"3\"\n")),
        ManifestCase("value inside of an overlay's patch", overlay, "kustomization.yaml",
            .value(path: try YAMLPath(parsing: "patches[1].patch|[path=/spec/replicas].value"), text: "12", typing: .keepType),
            replacing: ("value: 10", "value: 12")),
        ManifestCase("Application with only a plugin beside", ArgoCDTests.application, "guestbook.yaml",
            .applicationTargetRevision("v1.0.0", source: .only), replacing: ("targetRevision: HEAD", "targetRevision: v1.0.0")),
    ])
    func oneValueChanges(_ row: ManifestCase) throws { try row.check() }

    /// Every single value of every layout, each in turn.
    @Test(arguments: [chartValues, umbrellaValues, overlay, ArgoCDTests.application, ArgoCDTests.object, ArgoCDTests.set,
        FluxTests.release, ChartTests.chart, WorkloadTests.two])
    func everyValueCanBeSetAloneAndPutBack(_ text: String) throws {
        let file = try YAMLFile(bytes: Array(text.utf8), path: "layout.yaml")
        for (path, node) in file.scalars() {
            let old = try file.get(path)
            let edited = try file.applying([.set(path, to: "zz9", typing: .string)])
            #expect(edited.starts(with: file.bytes[..<node.range.lowerBound]))
            let index = try #require(file.scalars().firstIndex { $0.node === node })
            let again = try YAMLFile(bytes: edited, path: "layout.yaml")
            #expect(again.scalars()[index].node.scalarText == "zz9")
            #expect(again.scalars().count == file.scalars().count)
            // Plain texts come back to the byte; a number that became a text keeps its new quotes.
            guard node.style != .plain, node.style != .literal else { continue }
            #expect(try again.applying([.set(again.scalars()[index].path, to: old, typing: .string)]) == file.bytes)
        }
    }
}
