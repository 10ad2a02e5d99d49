import PromotionEngine
import TestSupport
import Testing

/// `release create --image`: a slip is told before the version is taken for good.
@Suite struct ReleaseImageTests {
    private static let image = "registry.example/checkout"

    /// On one repository, in whose ledger nothing is added.
    @Test func whatIsNoImageIsRefused() throws {
        let site = try Site(.bare, .open())
        let rows: [([String], String)] = [
            (["\(Self.image)"], "no image with a tag or digest"),
            (["\(Self.image):bad tag"], "'bad tag' is no tag"),
            (["\(Self.image)@sha256:abc"], "sha256 has 64 hexadecimal digits in lower case"),
            (["\(Self.image):1@registry/x:1"], "'registry/x:1' is no digest"),
            (["https://\(Self.image):1"], "'https:' is no name of a registry"),
            (["registry.example/Checkout:1"], "'Checkout' in its name is not in lower case"),
            (["\(Self.image):a", "\(Self.image):b"], "is given twice"),
            (["\(Self.image):a", "\(Self.image)@sha256:\(Digest.sha256("x"))"], "is given twice"),
        ]
        for (images, message) in rows {
            let result = try site.run(["release", "create", "checkout", "1.4.2"] + images.flatMap { ["--image", $0] })
            #expect(result.code == 2 && result.errors.contains(message), "\(images): \(result)")
        }
        #expect(try site.git.references("refs/heads/gradus", in: site.authority).isEmpty)
    }

    @Test func anImageThatNoUpdateUsesIsWarnedOf() throws {
        let site = try Site(.bare, .open())
        let slip = try site("release create checkout 1.4.2 --image registry.example/chekcout:1.4.2-r3")
        #expect(slip.errors.contains("Warning: no update of checkout uses the image registry.example/chekcout; registry.example/checkout is used"), "\(slip)")
        let right = try site("release create checkout 1.4.3 --image \(Self.image):1.4.3-r3@sha256:\(Digest.sha256("x"))")
        #expect(!right.errors.contains("Warning"), "\(right)")
    }

    /// The updates of this workflow write the version alone: an image is registered for the record.
    @Test func withoutAnUpdateOfImagesNothingIsWarnedOf() throws {
        var storefront = Storefront.open()
        storefront.more["workflows/storefront.yaml"] = storefront.workflow.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("kustomization") && !$0.contains("image: ") }.joined(separator: "\n")
        let site = try Site(.bare, storefront)
        let result = try site("release create checkout 1.4.2 --image registry.example/chekcout:1.4.2")
        #expect(!result.errors.contains("Warning"), "\(result)")
    }
}
