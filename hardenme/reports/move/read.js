// Reads what npm and hardenme print, for the script that moves packages.
// It stands in single quotes there, so it holds none.
const [mode, ...words] = process.argv.slice(1)
const input = () => require("node:fs").readFileSync(0, "utf8")
const print = text => process.stdout.write(`${text}\n`)
const fail = text => { process.stderr.write(`${text}\n`); process.exit(1) }

// Characters that would act on a terminal, or hide, are written out.
const shown = text => String(text).replace(
  /[^\t\n\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}]/gu,
  found => `\\u{${found.codePointAt(0).toString(16)}}`
)
const line = text => shown(text).replace(/[\t\n]/g, " ")
const moment = seconds =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`

// npm prints one object after the other, each over several lines.
const objects = text => {
  const found = []
  let open = ""
  for (const one of text.split("\n")) {
    if (!open && !one.trim()) continue
    open += `${one}\n`
    if (one === "}" || one === "{}") {
      found.push(JSON.parse(open))
      open = ""
    }
  }
  if (open) throw new Error("the answer is not whole")
  return found
}
const only = value => Array.isArray(value) && value.length === 1 ? value[0] : value
const ID = /^[A-Za-z0-9-]{1,64}$/
const ALLOWED = {
  stage: ["createStagedPackage"],
  publish: ["createPackage"],
  both: ["createPackage", "createStagedPackage"],
}
const FLAGS = { createPackage: "--allow-publish", createStagedPackage: "--allow-stage-publish" }
// A publisher without permissions is older than them, and may publish.
const allowed = one => [...(one.permissions ?? ["createPackage"])].sort()
const WORDS = { createPackage: "publish", createStagedPackage: "stage" }
const described = one => {
  const where = one.repository ?? one.project ?? one.projectId ?? "an unknown place"
  const inside = one.environment ? `, environment ${one.environment}` : ""
  const may = allowed(one).map(name => WORDS[name] ?? name).join(" and ")
  return line(`${one.file ?? one.type} of ${where}${inside}, may ${may}`)
}
const compared = (one, [repository, file, environment, permission]) => {
  if (one.type !== "github" || one.repository !== repository || one.file !== file) return "other"
  if ((one.environment ?? "-") !== environment) return "sharing"
  return allowed(one).join() === ALLOWED[permission]?.join() ? "equal" : "differs"
}
const claims = ({ id, permissions, ...rest }) => JSON.stringify(Object.entries(rest).sort())

const again = (name, one) => {
  const flags = {
    github: [["repo", "repository"], ["file", "file"], ["env", "environment"]],
    gitlab: [["project", "project"], ["file", "file"], ["env", "environment"]],
    circleci: [
      ["org-id", "orgId"], ["project-id", "projectId"], ["vcs-origin", "vcsOrigin"],
      ["pipeline-definition-id", "pipelineDefinitionId"], ["context-id", "contextIds"],
    ],
  }[one.type]
  if (!flags) throw new Error(`no command adds a publisher of ${line(one.type)}`)
  const given = flags.flatMap(([flag, key]) =>
    [one[key] ?? []].flat().map(value => `--${flag}=${value}`))
  const may = allowed(one).map(name => FLAGS[name])
  const made = ["trust", one.type, name, ...given, ...may, "--yes", "--json"]
  if (may.includes(undefined) || made.some(word => /[\n\r]/.test(word))) {
    throw new Error("no command adds a publisher with these permissions")
  }
  return made
}

const asked = async (registry, address) => {
  const from = new URL(address, registry)
  if (from.origin !== new URL(registry).origin) throw new Error("the proof is on another host")
  const reply = await fetch(from, { redirect: "error" })
  if (!reply.ok) throw new Error(`${from.pathname} was answered with ${reply.status}`)
  return reply.json()
}

// Whether the provenance of a release names the workflow.
const attested = async (registry, address, repository, file) => {
  const wanted = [`https://github.com/${repository}`, `.github/workflows/${file}`]
  for (const { predicateType, bundle } of (await asked(registry, address)).attestations) {
    if (!predicateType.startsWith("https://slsa.dev/provenance/")) continue
    const text = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString("utf8")
    const { workflow } = JSON.parse(text).predicate.buildDefinition.externalParameters
    if (workflow.repository === wanted[0] && workflow.path === wanted[1]) return true
  }
  return false
}

const VERSION = /^[0-9][A-Za-z0-9.+-]*$/
// The first version since a moment that was published through a publisher. Provenance names no
// environment: it counts only where no other publisher has the repository and workflow.
const published = async ([registry, name, id, since, repository, file, others]) => {
  const address = `${registry.replace(/[/]$/, "")}/${name.replace("/", "%2f")}`
  const all = await asked(registry, address)
  const after = version =>
    VERSION.test(version) && Date.parse(all.time?.[version]) >= Number(since) * 1000
  const newest = Object.keys(all.versions).filter(after).slice(-20)
  for (const version of newest) {
    const { _npmUser, dist } = all.versions[version]
    if (_npmUser?.trustedPublisher?.oidcConfigId === `oidc:${id}`) return print(version)
    const proof = dist?.attestations?.url
    if (others !== "alone" || typeof proof !== "string") continue
    if (await attested(registry, proof, repository, file)) return print(version)
  }
  fail("no release through it was seen")
}

// What npm stored of a package in a cache of its own: each file there is an answer as it came.
const stored = (folder, name) => {
  const fs = require("node:fs")
  const path = `${folder}/_cacache/content-v2`
  if (!fs.existsSync(path)) return undefined
  for (const file of fs.readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    try {
      const one = JSON.parse(fs.readFileSync(`${file.parentPath ?? file.path}/${file.name}`, "utf8"))
      if (one.name === name && one.versions) return one
    } catch { continue }
  }
  return undefined
}
// The same by what the npm client shows: the times, but neither provenance nor ids of publishers. The
// ids are in the answer that npm stored. Without an id, a person is asked about the newest version
// that no other publisher is known to have published.
const shown_release = ([folder, name, id, since, ...others]) => {
  const times = only(JSON.parse(input()))
  const all = stored(folder, name)
  const by = version => all?.versions[version]?._npmUser?.trustedPublisher?.oidcConfigId
  const after = Object.keys(times).filter(one =>
    VERSION.test(one) && Date.parse(times[one]) >= Number(since) * 1000)
  after.sort((one, other) => Date.parse(times[one]) - Date.parse(times[other]))
  const own = after.find(version => by(version) === `oidc:${id}`)
  if (own) return print(["seen", own].join("\t"))
  const other = others.map(one => `oidc:${one}`)
  const newest = after.filter(version => !other.includes(by(version))).pop()
  if (!newest) fail("no release through it was seen")
  const who = all?.versions[newest]?._npmUser?.name ?? "an account that npm did not show"
  print(["asked", newest, moment(Date.parse(times[newest]) / 1000), line(who)].join("\t"))
}

const judged = (report, stage) => {
  const fine = ["passed", "not_applicable", "attested"]
  const about = report.findings.filter(({ code }) => code.startsWith("REL") || code === "NPP112")
  const doubts = about.filter(({ outcome }) => !fine.includes(outcome))
  for (const { code, outcome, message, unknown } of doubts) {
    print(line(`${code} ${outcome}: ${message ?? unknown?.needed ?? "no reason"}`))
  }
  const releases = about.filter(({ code }) => code.startsWith("REL"))
  const own = about.filter(({ code, subject }) => code === "NPP112" && subject.includes(stage))
  if (!releases.length) print("hardenme did not judge its releases")
  if (!own.length) print("hardenme did not judge who staged it")
  if (doubts.length || !releases.length || !own.length) process.exit(1)
}

const modes = {
  client: ([version]) => {
    const [major, minor] = version.split(".").map(Number)
    if (major > 11 || (major === 11 && minor >= 15)) return
    const [node, second] = process.versions.node.split(".").map(Number)
    const takes = node > 22 || (node === 22 && second >= 9) || (node === 20 && second >= 17)
    process.exit(takes ? 1 : 2)
  },
  moment: ([seconds]) => print(moment(Number(seconds))),
  why: () => {
    const all = input().split("\n").filter(one => !/^npm (warn|notice)/.test(one))
    const lines = all.map(one => one.replace(/^npm (error|ERR!) ?/, "").trim())
    const said = lines.filter(one => one && !/^(code|A complete log|\{|\}|")/.test(one))
    print(line(said[0] ?? "npm refused it").slice(0, 200))
  },
  publishers: row => {
    for (const one of objects(input())) {
      if (!ID.test(one.id) || typeof one.type !== "string") throw new Error("not a publisher")
      print([compared(one, row), one.id, described(one), JSON.stringify(one)].join("\t"))
    }
  },
  id: () => {
    const made = objects(input()).map(({ id }) => id).filter(id => id !== undefined)
    if (made.length !== 1 || !ID.test(made[0])) process.exit(1)
    print(made[0])
  },
  staged_id: () => {
    const one = JSON.parse(input())
    const found = one.stageId ?? Object.values(one)[0]?.stageId
    if (!ID.test(found)) process.exit(1)
    print(found)
  },
  published,
  shown_release,
  again: ([name, whole]) => again(name, JSON.parse(whole)).forEach(print),
  same: ([whole]) => {
    const wanted = claims(JSON.parse(whole))
    const listed = input().split("\n").filter(Boolean).map(one => claims(JSON.parse(one)))
    if (!listed.includes(wanted)) process.exit(1)
  },
  staged: () => {
    for (const one of JSON.parse(input())) {
      if (!ID.test(one.id) || !/^[A-Za-z0-9@/._~-]+$/.test(one.packageName)) continue
      const actor = `${one.actor} (${one.actorType ?? "unknown"})`
      print([one.id, one.packageName, one.version, one.tag, one.createdAt, actor].map(line).join("\t"))
    }
  },
  commit: () => {
    const one = JSON.parse(input())
    print(line(one.gitHead ?? "not shown by npm: compare with your repository"))
  },
  text: () => {
    const one = only(JSON.parse(input()))
    if (!VERSION.test(one)) process.exit(1)
    print(one)
  },
  visible: () => process.stdout.write(shown(input())),
  judged: ([stage]) => judged(JSON.parse(input()), stage),
}

Promise.resolve().then(() => modes[mode](words)).catch(error => {
  process.stderr.write(`${line(error.message)}\n`)
  process.exit(2)
})
