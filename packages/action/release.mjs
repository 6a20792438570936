// Finds the release for this machine, and unpacks it once its checksum is known to be right.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PLATFORMS = {
  'linux/x64': 'linux-x86_64',
  'linux/arm64': 'linux-arm64',
  'darwin/arm64': 'macos-arm64',
}
const SUMS = 'SHA256SUMS'

/** Installs a release below a folder; gives the folder of the program. */
export async function install({ version, from, into }) {
  const platform = platformOf(process)
  const place = from || releases(version, process.env)
  const sums = String(await read(place, SUMS))
  const { name, sum } = archive(sums, { version, platform, place })
  const data = await read(place, name)
  const found = createHash('sha256').update(data).digest('hex')
  if (found !== sum) throw new Error(`${name}: its checksum is ${found}, and ${SUMS} says ${sum}: do not use it`)

  mkdirSync(into, { recursive: true })
  const file = join(into, name)
  writeFileSync(file, data)
  execFileSync('tar', ['-xzf', file, '-C', into])
  return join(into, name.replace(/\.tar\.gz$/, ''), 'bin')
}

/** What the release calls this machine. */
export function platformOf({ platform, arch, report }) {
  const known = PLATFORMS[`${platform}/${arch}`]
  if (!known) {
    const all = Object.keys(PLATFORMS).join(', ')
    throw new Error(`Tapedeck runs on ${all}, and this runner is ${platform}/${arch}: choose another runs-on`)
  }
  if (platform === 'linux' && !report.getReport().header.glibcVersionRuntime) {
    throw new Error('Tapedeck needs glibc, and this container has musl: choose a Debian or Ubuntu image')
  }
  return known
}

/** The URL of the files of a release: of a version, or of the latest. */
export function releases(version, env) {
  const repository = env.GITHUB_ACTION_REPOSITORY || env.GITHUB_REPOSITORY
  const all = `${env.GITHUB_SERVER_URL || 'https://github.com'}/${repository}/releases`
  const wanted = version || versionOf(env.GITHUB_ACTION_REF)
  return wanted ? `${all}/download/v${wanted}` : `${all}/latest/download`
}

/** The version that a ref of the action names whole, like v0.1.0; a branch or v0 names none. */
function versionOf(ref) {
  return /^v(\d+\.\d+\.\d+\S*)$/.exec(ref ?? '')?.[1]
}

/** The archive for a platform that the checksums list, and its checksum. */
function archive(sums, { version, platform, place }) {
  for (const line of sums.split('\n')) {
    const [sum, name] = line.trim().split(/\s+\*?/)
    const parts = /^tapedeck-(.+)\.tar\.gz$/.exec(name ?? '')
    if (parts?.[1].endsWith(`-${platform}`)) {
      const found = parts[1].slice(0, -platform.length - 1)
      if (!version || found === version) return { name, sum }
      throw new Error(`${place}: expected version ${version}, and found ${found}`)
    }
  }
  throw new Error(`${place}: ${SUMS} lists no archive for ${platform}`)
}

async function read(place, name) {
  if (!/^https?:/.test(place)) return readFile(join(place, name))
  const url = `${place.replace(/\/$/, '')}/${name}`
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: expected the file of a release, and the answer was ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}
