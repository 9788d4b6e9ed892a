import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanFileName, fileNameMax } from './files.ts';

describe('cleanFileName', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['soup.txt', 'soup.txt'],
    ['年夜饭 菜单.pdf', '年夜饭 菜单.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\soup.txt', 'soup.txt'],
    ['a/b/', 'b'],
    ['soup\u202Etxt.exe', 'souptxt.exe'],
    ['so\u0000up\n.txt', 'soup .txt'],
    ['.bashrc', 'bashrc'],
    ['soup.txt. .', 'soup.txt'],
    ['a<b>:"|?*.txt', 'a_b______.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['...', 'file'],
    ['', 'file'],
    ['\u200b', 'file'],
  ];
  for (const [from, to] of cases)
    it(`makes ${JSON.stringify(to)} of ${JSON.stringify(from)}`, () => assert.equal(cleanFileName(from), to));

  it('cuts what is too long and keeps the ending', () => {
    const name = cleanFileName(`${'🍲'.repeat(300)}.tar.gz`);
    assert.equal(Array.from(name).length, fileNameMax);
    assert.ok(name.endsWith('🍲.gz'));
  });
});
