// Answers questions about versions, ranges, specifiers and configuration with npm's own packages,
// and writes lock files as Yarn and pnpm write them.
// One question a line on standard input, as {"ask": name, "with": [...]}; one answer a line.

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(import.meta.url)
const semver = require('semver')
const Config = require('@npmcli/config')
const { definitions, shorthands, flatten, nerfDarts } = require('@npmcli/config/lib/definitions')
const fetch = require('npm-registry-fetch')
const getAuth = require('npm-registry-fetch/lib/auth.js')
const npa = require('npm-package-arg')
const pickManifest = require('npm-pick-manifest')
const validateName = require('validate-npm-package-name')

const classicLock = require('@yarnpkg/lockfile')
const { stringifySyml } = require('@yarnpkg/parsers')
const yaml = require('js-yaml')

const orNull = (ask) => {
  try {
    return ask()
  } catch {
    return null
  }
}

const answers = {
  version: (text, loose) => {
    const read = semver.parse(text, { loose })
    return read && { text: read.version, release: [read.major, read.minor, read.patch] }
  },
  compare: (one, other) => semver.compare(one, other, true),
  range: (text, options, versions) => ({
    text: semver.validRange(text, options),
    least: orNull(() => semver.minVersion(text, options).version),
    admits: versions.filter((each) => semver.satisfies(each, text, options)),
    max: semver.maxSatisfying(versions, text, options),
  }),
  name: (name) => validateName(name).validForOldPackages,
  classify: (name, spec) => {
    const read = npa.resolve(name, spec, '/project')
    const inner = read.subSpec
    return {
      type: read.type,
      page: read.hosted?.browse({ noCommittish: true }) ?? null,
      spec: (inner ?? read).fetchSpec,
      inner: inner ? { type: inner.type, name: inner.name } : null,
    }
  },
  // Descriptors that share an entry are written together where they share the very object.
  classicLock: (groups) =>
    classicLock.stringify(
      Object.fromEntries(groups.flatMap(([keys, entry]) => keys.map((key) => [key, entry])))
    ),
  berryLock: (entries) => stringifySyml(entries),
  pnpmLock: (lock) => yaml.dump(lock, { lineWidth: -1, noCompatMode: true, noRefs: true }),
  // For each name the registry that npm asks in a folder, and what it shows and trusts there.
  routes: async (folder, home, environ, names) => {
    const config = new Config({
      npmPath: home,
      definitions,
      shorthands,
      flatten,
      nerfDarts,
      argv: [],
      env: { ...environ, HOME: home },
      cwd: folder,
      execPath: '/none/bin/node',
      warn: false,
    })
    await config.load()
    const flat = config.flat
    return names.map((name) => {
      const spec = npa(name)
      const registry = fetch.pickRegistry(spec, flat)
      const auth = getAuth(new URL(spec.escapedName, registry).href, { ...flat, spec })
      return {
        registry,
        credential: auth.token ? `Bearer ${auth.token}` : auth.auth ? `Basic ${auth.auth}` : null,
        certificate: auth.cert ? [auth.cert, auth.key] : null,
        verify: flat.strictSSL,
        authorities: flat.ca ?? null,
        proxy: flat.httpsProxy || flat.proxy || null,
        unproxied: flat.noProxy || null,
      }
    })
  },
  pick: (packument, wanted, nodeVersion) =>
    pickManifest(packument, wanted, { nodeVersion }).version,
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, with: given } = JSON.parse(line)
  let answer
  try {
    answer = { value: (await answers[ask](...given)) ?? null }
  } catch (error) {
    answer = { error: String(error.code ?? error.message) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
