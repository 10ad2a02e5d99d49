@testable import Auditing
import Testing

@Suite struct CSVTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""),
        ("=1+1", "'=1+1"), ("+49", "'+49"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"), ("  =cmd", "'  =cmd"),
        ("\u{FF1D}1", "'\u{FF1D}1"), ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), ("a=b", "a=b"),
        ("\r=1", "\"'\r=1\""), ("%0A", "'%0A"), ("\u{FEFF}=1", "'\u{FEFF}=1"),
    ])
    func everyCellIsTextAndOneCell(_ text: String, _ cell: String) {
        #expect(CSVText.line([text, "x"]) == cell + ",x\r\n")
    }

    @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{FF}é"])
    func base64GoesThereAndBack(_ text: String) {
        #expect(Base64.decoded(Base64.encoded(Array(text.utf8))) == Array(text.utf8))
    }

    @Test(arguments: [("foobar", "Zm9vYmFy"), ("fooba", "Zm9vYmE="), ("foob", "Zm9vYg==")])
    func base64IsThatOfTheStandard(_ text: String, _ encoded: String) {
        #expect(Base64.encoded(Array(text.utf8)) == encoded)
    }

    @Test(arguments: ["Zm9vYg=", "Zm9vYg", "Zm9vYh==", "Zm9v!", "=", "Zg==Zg=="])
    func whatIsNoBase64IsRefused(_ text: String) { #expect(Base64.decoded(text) == nil) }

    @Test func markupInTextIsText() {
        let name = "<script>alert(\"1\")</script>\u{202E}"
        let html: HTML = "<b title=\"\(name)\">\(3)</b>"
        #expect(html.text == "<b title=\"&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\\u{202e}\">3</b>")
    }
}
