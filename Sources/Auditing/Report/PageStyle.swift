/// The look of every page: one style sheet, no font or picture from anywhere else.
enum PageStyle {
    static let css = """
        :root{--ink:#18222d;--soft:#566472;--line:#dde3e8;--paper:#fff;--tint:#f5f7f9;--teal:#0e6f7c;--teal-soft:#e3f1f2;--amber:#b7791f;--amber-soft:#fbf3e0;--red:#b3372f;--red-soft:#fbeae8;--green:#2f7d4f}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:#eceff2;color:var(--ink);font:14px/1.5 "Inter","Segoe UI","Helvetica Neue","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums}
        main{max-width:1120px;margin:28px auto;background:var(--paper);padding:52px 60px 44px;box-shadow:0 1px 4px #0002}
        h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
        h2{font-size:19px;margin:44px 0 10px;padding-top:14px;border-top:2px solid var(--ink)}
        h2 .no{color:var(--soft);font-weight:400;margin-right:10px}
        h3{font-size:15px;margin:26px 0 6px}
        p{margin:6px 0 10px;max-width:78ch}
        a{color:var(--teal);text-decoration:none}
        a:hover{text-decoration:underline}
        code,.mono{font:12px/1.45 "SF Mono","DejaVu Sans Mono","Liberation Mono",Menlo,monospace}
        .lead{color:var(--soft);font-size:15px;margin:0 0 20px}
        .over{color:var(--teal);font-weight:600;letter-spacing:.08em;text-transform:uppercase;font-size:11px;margin:0 0 8px}
        dl.meta{display:grid;grid-template-columns:max-content 1fr max-content 1fr;gap:3px 16px;margin:18px 0 0;padding:14px 0 0;border-top:1px solid var(--line);font-size:12.5px}
        dl.meta .wide{grid-column:2/-1}dl.meta dt{color:var(--soft)}dl.meta dd{margin:0;overflow-wrap:anywhere}
        .cards{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px;margin:22px 0 8px}
        .card{border:1px solid var(--line);border-radius:6px;padding:13px 16px 12px}
        .card b{display:block;font-size:27px;line-height:1.15;letter-spacing:-.01em}
        .card span{color:var(--soft);font-size:12.5px}
        .card.bad{border-color:#e6b4b0;background:var(--red-soft)}.card.bad b{color:var(--red)}
        .card.note{border-color:#ead9ac;background:var(--amber-soft)}.card.note b{color:var(--amber)}
        .card.good b{color:var(--teal)}
        .verdict{border-left:4px solid var(--teal);background:var(--teal-soft);padding:11px 16px;margin:18px 0 0;max-width:none}
        .verdict.bad{border-color:var(--red);background:var(--red-soft)}
        table{border-collapse:collapse;width:100%;margin:8px 0 14px;font-size:12.5px}
        th{text-align:left;font-weight:600;color:var(--soft);font-size:.92em;border-bottom:1.5px solid var(--ink);padding:5px 10px 5px 0;vertical-align:bottom}
        td{border-bottom:1px solid var(--line);padding:5px 10px 5px 0;vertical-align:top;overflow-wrap:anywhere}
        td.num,th.num{text-align:right;white-space:nowrap}
        td.nowrap{white-space:nowrap}
        tr:last-child>td{border-bottom-color:#c5ced6}
        table.list{table-layout:fixed}table.list th:nth-child(1){width:126px}table.list th:nth-child(2){width:17%}table.list th:nth-child(3){width:21%}table.list th:nth-child(4){width:13%}
        table.heat td{padding:3px 8px;border:1px solid #fff;text-align:center;background:var(--tint)}
        table.heat td:first-child,table.heat th:first-child{text-align:left;background:none;padding-left:0;white-space:nowrap}
        table.heat th{text-align:center;border:0;padding:3px 4px;font-weight:400}
        .h1{background:#fdf1e7!important}.h2{background:#f9d9c0!important}.h3{background:#efb18f!important}.h4{background:#dd7d5c!important;color:#fff}
        .tag{display:inline-block;border-radius:3px;padding:0 6px;font-size:11px;line-height:17px;white-space:nowrap;margin:1px 3px 1px 0;background:var(--amber-soft);color:#82560f;border:1px solid #ead9ac}
        .tag.red{background:var(--red-soft);color:#8f2820;border-color:#e6b4b0}
        .tag.ok{background:#e8f3ec;color:#22603b;border-color:#bcdcc8}
        .tag.plain{background:var(--tint);color:var(--soft);border-color:var(--line)}
        .soft{color:var(--soft)}.red{color:var(--red)}.ok{color:var(--green)}
        .plot{width:100%;height:auto;display:block;margin:4px 0 2px}
        .plot .rule{stroke:#dde3e8;stroke-width:1}.plot .tick{fill:#566472;font-size:11px;font-family:inherit}
        .plot .a{fill:#7fb7bd}.plot .b{fill:#e0a63f}.plot .c{fill:#b3372f}
        .plot .line{fill:none;stroke-width:1.8}.plot path.p{stroke:#0e6f7c}.plot circle.p{fill:#0e6f7c}.plot path.q{stroke:#c08a2d}.plot circle.q{fill:#c08a2d}
        figure{margin:14px 0 20px}figcaption{font-size:12.5px;color:var(--soft)}
        .key{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 5px 0 12px}
        .key.a{background:#7fb7bd}.key.b{background:#e0a63f}.key.c{background:#b3372f}.key.p{background:#0e6f7c}.key.q{background:#c08a2d}
        .find{width:100%;padding:8px 12px;border:1px solid #b9c4cd;border-radius:5px;font:inherit;margin:4px 0 10px}
        .row{display:grid;grid-template-columns:116px minmax(0,1.45fr) minmax(0,.75fr) minmax(0,.85fr) minmax(0,.75fr) minmax(0,2.1fr) minmax(0,1.15fr);gap:0 12px;padding:4px 0 4px 14px;font-size:12.5px}
        .row>*{overflow-wrap:anywhere}
        .row.head{color:var(--soft);font-size:11.5px;font-weight:600;border-bottom:1.5px solid var(--ink);padding-bottom:3px}
        details.change{border-bottom:1px solid var(--line)}
        details.change>summary{cursor:pointer;list-style:none;position:relative}
        details.change>summary::-webkit-details-marker{display:none}
        details.change>summary::before{content:"▸";position:absolute;left:0;color:var(--soft)}
        details.change[open]>summary::before{content:"▾"}
        details.change[open]{background:var(--tint)}
        details.change:target>summary{background:#fff8d6}
        .more{padding:2px 14px 14px;display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:2px 28px;overflow-wrap:anywhere}
        .more h4{margin:8px 0 2px;font-size:11.5px;color:var(--soft);font-weight:600}
        .more .wide{grid-column:1/3}
        .more table{margin:2px 0;font-size:12px}.more td,.more th{padding:2px 8px 2px 0}.more td:first-child{white-space:nowrap}
        .item{break-before:page}.item:first-of-type{break-before:auto}
        footer{margin-top:40px;padding-top:12px;border-top:1px solid var(--line);color:var(--soft);font-size:12px}
        nav.toc{columns:2;font-size:13px;margin:20px 0 0;padding:12px 0 0;border-top:1px solid var(--line)}nav.toc a{display:block;color:var(--ink)}nav.toc .no{color:var(--soft);display:inline-block;width:22px}
        @media screen and (max-width:800px){main{padding:28px 20px}.cards{grid-template-columns:1fr 1fr}.row{grid-template-columns:100px 1fr 1fr}.more{padding-left:14px;grid-template-columns:1fr}.more .wide{grid-column:1}dl.meta{grid-template-columns:max-content 1fr}}
        @page{size:A4;margin:15mm 13mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9px "Liberation Sans",Arial,sans-serif;color:#566472}}
        @media print{
        body{background:#fff;font-size:9.6pt}main{box-shadow:none;margin:0;padding:0;max-width:none}
        h1{font-size:22pt}h2{font-size:13pt;break-after:avoid;margin-top:20px}h3{break-after:avoid}
        table{font-size:8pt}.row{font-size:7.4pt;line-height:1.35;grid-template-columns:76px minmax(0,1.5fr) minmax(0,.75fr) minmax(0,.85fr) minmax(0,.75fr) minmax(0,2.2fr) minmax(0,1.2fr);gap:0 7px;padding:3px 0}.row .mono{font-size:6.8pt}td.mono,.mono{font-size:7pt}
        .row.head{break-after:avoid;font-size:7pt}details.change>summary::before{content:""}details.change[open]{background:none}.more{padding-left:0}
        tr,figure,.card,details.change>summary{break-inside:avoid}thead{display:table-header-group}
        .find,.screen{display:none}a{color:inherit}.card b{font-size:16pt}.card{padding:8px 12px}.card span{font-size:8.4pt}.cards{gap:8px}table.list th:nth-child(1){width:86px}.tag{font-size:7.4pt;line-height:12px;padding:0 4px}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """
}
