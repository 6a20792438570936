'use strict'

// What `tapedeck torture` runs as the client: it joins its input and output to the socket that is its argument, behind
// which the function under test runs.
const { connect } = require('node:net')

const socket = connect(process.argv[2])
socket.on('error', (error) => {
  process.stderr.write(`the function's process is gone: ${error.message}\n`)
  process.exit(1)
})
socket.on('close', () => process.exit(1))
process.stdin.on('end', () => process.exit(0))
process.stdin.pipe(socket)
socket.pipe(process.stdout)
