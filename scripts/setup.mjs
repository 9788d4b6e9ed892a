// Brings everything that `npm start` and `npm test` need: `node scripts/setup.mjs [--test]`.
//
// This file is all that an old Node.js gets to read before it is told that it is too old, so it must stay simple.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 18 || (major === 18 && minor < 15)) {
  console.error(`Potluck needs Node.js 18.15 or later to set itself up; this is ${process.version}.`);
  process.exitCode = 1;
} else {
  const { main } = await import('./setup/main.mjs');
  process.exitCode = await main(process.argv.slice(2));
}
