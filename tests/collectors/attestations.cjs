// Prints what a registry has of each release that is named: by npm's own client and its settings.
const { execFileSync } = require('child_process')
const path = require('path')

const npm = (...words) => execFileSync('npm', words, { encoding: 'utf8' }).trim()
const fetch = require(path.join(npm('root', '--global'), 'npm/node_modules/npm-registry-fetch'))
const registry = npm('config', 'get', 'registry')

async function asked (spec) {
  const at = spec.lastIndexOf('@')
  const name = spec.slice(0, at).replace('/', '%2f')
  const about = await fetch.json(`/${name}`, { registry })
  const version = about['dist-tags'][spec.slice(at + 1)] || spec.slice(at + 1)
  const documents = await fetch.json(`/-/npm/v1/attestations/${name}@${version}`, { registry })
  return { version, integrity: about.versions[version].dist.integrity, documents }
}

async function main () {
  for (const spec of process.argv.slice(2)) {
    const found = await asked(spec).catch((error) => ({ lost: error.code || 'unreachable' }))
    console.log(JSON.stringify({ spec, ...found }))
  }
}

main()
