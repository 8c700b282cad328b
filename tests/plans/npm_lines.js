// What npm has against command lines: it reads each as it would if it were typed, and no registry
// answers. Arguments: npm's own folder. Standard input: lists of words, as JSON.
const fs = require('node:fs')
const root = process.argv[2]
const Npm = require(`${root}/lib/npm.js`)
const ASKED = 'it asks the person'
const OUTSIDE = new Set(['ECONNREFUSED', 'ENEEDAUTH', ASKED])
const PATIENCE = 20000
const ENVIRON = { ...process.env }

const run = async words => {
  // npm hands its options on to what it starts, and so to the next one here.
  process.env = { ...ENVIRON }
  process.argv = [process.execPath, 'npm', ...words]
  const npm = new Npm({ npmRoot: root })
  const { exec, command, args } = await npm.load()
  if (exec) {
    await npm.exec(command, args)
  }
}

const against = async words => {
  let warned = ''
  process.on('log', (level, ...texts) => {
    warned ||= level === 'warn' ? texts.find(text => /^Unknown/.test(text)) ?? '' : ''
  })
  // Whoever is asked has typed what npm understands.
  const asked = new Promise((_resolve, reject) => {
    process.on('input', () => reject(Object.assign(new Error(), { code: ASKED })))
    setTimeout(() => reject(new Error('it never ended')), PATIENCE).unref()
  })
  try {
    await Promise.race([run(words), asked])
  } catch (error) {
    if (!OUTSIDE.has(error.code)) {
      return error.message
    }
  } finally {
    for (const event of ['log', 'time', 'output', 'input']) {
      process.removeAllListeners(event)
    }
  }
  return warned
}

const main = async () => {
  process.on('unhandledRejection', () => {})
  const found = []
  for (const words of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    found.push(await against(words))
  }
  fs.writeFileSync(process.env.FOUND, JSON.stringify(found))
  process.exit(0)
}

main()
