// Runs `on_pyodide.py` on Pyodide, with the checkout and its libraries as they lie on this disk.
import { loadPyodide } from "pyodide";

const [checkout, site, ...tests] = process.argv.slice(2);
const python = await loadPyodide({ env: { HOME: "/", TESTS: tests.join(" ") } });
for (const [place, folder] of [["/checkout", checkout], ["/site", site]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, place);
}
const code = python.FS.readFile("/checkout/.ci/on_pyodide.py", { encoding: "utf8" });
process.exitCode = python.runPython(code, { filename: "/checkout/.ci/on_pyodide.py" });
