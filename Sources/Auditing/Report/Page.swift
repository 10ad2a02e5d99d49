internal import Crypto

/// One self-contained HTML page: nothing is loaded from anywhere, and only the script that the page names may run.
enum Page {
    static func document(title: String, _ body: HTML, script: String = "") -> String {
        // The policy's digest is over the bytes between the script's tags (CSP level 2, section 4.2.5).
        let digest = Base64.encoded(Array(SHA256.hash(data: Array(script.utf8))))
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
            + (script.isEmpty ? "" : "; script-src 'sha256-\(digest)'")
        let head: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(HTML(raw: policy))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>\(HTML(raw: PageStyle.css))</style>
            </head>
            <body>
            <main>

            """
        return (head + body).text + "\n</main>\n" + (script.isEmpty ? "" : "<script>\(script)</script>\n") + "</body>\n</html>\n"
    }

    /// A table with its header; cells are given whole, with their tags.
    static func table(_ header: [HTML], _ rows: [HTML], look: String = "", empty: HTML = "<p class=\"soft\">None.</p>") -> HTML {
        guard !rows.isEmpty else { return empty }
        return "<table class=\"\(look)\"><thead><tr>\(.joined(header))</tr></thead><tbody>\(.joined(rows, "\n"))</tbody></table>\n"
    }

    static func th(_ names: String...) -> [HTML] { names.map { "<th>\($0)</th>" } }
}
