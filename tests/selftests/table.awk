# SPDX-License-Identifier: Apache-2.0
# Judges what the kernel's selftests have said (run's files SCRIPT.KIND), and writes it down.
#   awk -f table.awk -v document=FILE FILE...      DOCUMENT is added to
# The last line is "selftests: N passed, M failed, S skipped": a case that veths pass is one test on each of the
# other kinds; one that they do not pass says nothing of an eswitch.

BEGIN { split("veth xsw xsw-bridge", kinds, " ") }

FNR == 1 {
  count = split(FILENAME, part, "/")
  split(part[count], part, ".")
  script = part[1]
  kind = part[2]
  was_run[script, kind] = 1
  if (!(script in cases)) { cases[script] = 0; scripts[++script_count] = script }
}
# What else a script prints may have no end of its line.
/TEST: .*\]$/ {
  name = seen = $0
  sub(/.*TEST: /, "", name)
  sub(/.*\[ */, "", seen)
  sub(/ *\]$/, "", seen)
  sub(/ *\[[^[]*$/, "", name)
  add_case(name, seen)
  next
}
/^SKIP: / { add_case("all of it", "SKIP"); reason[script, last, kind] = substr($0, 7) }
# The line after a case's says why.
/^\t/ && last { reason[script, last, kind] = substr($0, 2) }
{ last = "" }
/^guest: frames past the bridge: / { frames[script, kind] = $NF + 0 }
# Some scripts have no cases.
/^run: exit status / && kind == "veth" && !cases[script] { is_whole[script] = 1 }
/^run: exit status / && is_whole[script] { add_case("all of it", $4 == 0 ? "OK" : "FAIL") }

END {
  for (s = 1; s <= script_count; s++) {
    judge_script(scripts[s])
    total += frames[scripts[s], "xsw-bridge"]
  }
  # Some scripts alone send nothing that could go there.
  if (!total && document != "/dev/null") { failed++; print "FAILED: no frame went past the bridge" }
  write_document()
  printf "selftests: %d passed, %d failed, %d skipped\n", passed, failed, skipped
}

# Some names stand for several cases of a script.
function add_case(name, seen,    again) {
  again = ++known[script, kind, name]
  if (again > 1) name = name " (" again ")"
  if (!((script, name) in is_case)) {
    is_case[script, name] = 1
    case_name[script, ++cases[script]] = name
  }
  result[script, name, kind] = seen
  last = name
}

# What a kind has said of a case.
function said(script, name, kind,    seen, why) {
  if (!((script, kind) in was_run)) return "not run"
  seen = ((script, name, kind) in result) ? result[script, name, kind] : "not reached"
  why = reason[script, name, kind]
  if (seen == "OK" || why == "") return seen
  gsub(/\|/, "\\|", why)
  return seen ": " why
}

function judge_case(script, name,    k, seen) {
  for (k = 1; k <= 3; k++) {
    seen = said(script, name, kinds[k])
    if (seen == "OK") ok[script, kinds[k]]++
    if (k == 1) continue
    if (said(script, name, "veth") != "OK" || seen == "not run") skipped++
    else if (seen == "OK") passed++
    else {
      failed++
      printf "FAILED: %s, %s, on %s: %s\n", script, name, kinds[k], seen
    }
  }
}

# Cases of which the same was said are one row.
function judge_script(script,    i, name, key) {
  for (i = 1; i <= cases[script]; i++) {
    name = case_name[script, i]
    judge_case(script, name)
    key = said(script, name, "veth") " | " said(script, name, "xsw") " | " said(script, name, "xsw-bridge")
    if (!((script, key) in names)) row[script, ++rows[script]] = key
    gsub(/\|/, "\\|", name)
    names[script, key] = names[script, key] (names[script, key] == "" ? "" : "; ") name
  }
}

function passes(script, kind) {
  return ((script, kind) in was_run) ? ok[script, kind] + 0 : "not run"
}

function write_document(    s, script, i) {
  print "| script | cases | passed on veths | on xsw | with xsw-bridge | frames past the bridge |" >> document
  print "| --- | ---: | ---: | ---: | ---: | ---: |" >> document
  for (s = 1; s <= script_count; s++) {
    script = scripts[s]
    printf "| %s | %d | %s | %s | %s | %d |\n", script, cases[script], passes(script, "veth"), passes(script, "xsw"),
           passes(script, "xsw-bridge"), frames[script, "xsw-bridge"] >> document
  }
  print "\n## Cases\n\n| script | on veths | on xsw | with xsw-bridge | cases |" >> document
  print "| --- | --- | --- | --- | --- |" >> document
  for (s = 1; s <= script_count; s++) {
    script = scripts[s]
    for (i = 1; i <= rows[script]; i++)
      printf "| %s | %s | %s |\n", script, row[script, i], names[script, row[script, i]] >> document
  }
}
