# From the plugin's totals and the guest's console: one row for each case and proxy, means over the runs.
FNR == NR { line[$1] = $0; next }
$1 == "MEASURE" {
    split(line[++n], c, " ")
    if ($4 == "-") next
    name = $2; key = ($4 == "/small" ? "98 B" : "100 KiB") ", " $3
    if (!(key in seenCase)) { seenCase[key] = 1; cases[++caseCount] = key }
    if (!(name in seenName)) { seenName[name] = 1; names[++nameCount] = name }
    runs[key, name]++
    user[key, name] += c[2] / $5; kernel[key, name] += c[3] / $5
    repeats[key, name] += c[4] / $5; clock[key, name] += $6 / $5
}
END {
    print "| answer, connections | proxy | instructions | × lower | user | kernel | bytes copied by string instructions | by the clock |"
    print "|---|---:|---:|---:|---:|---:|---:|---:|"
    for (i = 1; i <= caseCount; i++) {
        key = cases[i]; lower = 0
        for (j = 1; j <= nameCount; j++) {
            name = names[j]
            if (!((key, name) in runs)) continue
            all[key, name] = (user[key, name] + kernel[key, name]) / runs[key, name]
            if (name != "weir" && (lower == 0 || all[key, name] < lower)) lower = all[key, name]
        }
        for (j = 1; j <= nameCount; j++) {
            name = names[j]; r = runs[key, name]
            if (!r) continue
            printf "| %s | %s | %.0f | %s | %.0f | %.0f | %.0f | %.0f |\n", key, name, all[key, name],
                lower ? sprintf("%.3f", all[key, name] / lower) : "–", user[key, name] / r, kernel[key, name] / r,
                repeats[key, name] / r, clock[key, name] / r
        }
    }
}
