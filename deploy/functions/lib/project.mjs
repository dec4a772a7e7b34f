// project.mjs - which paths a project has: functions/ and assets/ as a table
//
// A request is looked up in this table and never becomes a file name: nothing
// outside of the two folders can be named.
import {readFile, readdir, realpath, stat} from 'node:fs/promises';
import path from 'node:path';

import {readDotenv} from './dotenv.mjs';

const FILES_MAX = 10000;
const DEPTH_MAX = 32;
const FOLDERS = {function: ['functions', 'src'], asset: ['assets', 'static']};
const WATCHED = ['.env', 'package.json', 'package-lock.json',
	'node_modules/.package-lock.json'];

/** Files below @p folder, links followed as long as they stay in @p root. */
async function list(root, folder, depth = 0) {
	const out = [];
	const names = await readdir(folder).catch(() => []);
	for (const name of names.sort()) {
		const file = path.join(folder, name);
		const [real, info] = await Promise.all([realpath(file), stat(file)])
			.catch(() => []);
		if (!real?.startsWith(root + path.sep))
			continue;
		if (info.isDirectory() && depth < DEPTH_MAX)
			out.push(...await list(root, file, depth + 1));
		else if (info.isFile())
			out.push({file, mark: `${file} ${info.mtimeMs} ${info.size}`});
		if (out.length > FILES_MAX)
			throw new Error(`${folder} has more than ${FILES_MAX} files`);
	}
	return out;
}

/** "menu/main.protected.js" -> path, access; @return undefined if it is none */
function entryOf(kind, relative) {
	const {dir, name, ext} = path.posix.parse(relative);
	if (kind === 'function' && ext !== '.js')
		return undefined;
	const [, stem, access = 'public'] =
		/^(.*?)(?:\.(protected|private))?$/.exec(name);
	return {access, path: `/${path.posix.join(dir,
		stem + (kind === 'function' ? '' : ext))}`};
}

async function firstFolder(root, names) {
	for (const name of names) {
		const folder = path.join(root, name);
		if (await stat(folder).then((s) => s.isDirectory(), () => false))
			return folder;
	}
	return undefined;
}

async function scanKind(kind, root, into) {
	const folder = await firstFolder(root, FOLDERS[kind]);
	if (!folder)
		return '';
	const files = await list(root, folder);
	for (const {file} of files) {
		const entry = entryOf(kind,
			path.relative(folder, file).split(path.sep).join('/'));
		if (!entry)
			continue;
		const other = into.get(entry.path);
		if (other)
			throw new Error(`${file} and ${other.file} are both `
				+ entry.path);
		into.set(entry.path, {...entry, kind, file});
	}
	return files.map((f) => f.mark).join('\n');
}

/**
 * @param folder of the project
 * @return {root, routes: Map of path -> {path, kind: 'function' or 'asset',
 *  access: 'public', 'protected' or 'private', file}, env: what .env says, mark}
 *  mark is another text whenever something has changed
 * @throws Error when two files have the same path, or there are too many
 */
export async function scanProject(folder) {
	const root = await realpath(folder);
	const routes = new Map();
	const marks = [await scanKind('function', root, routes),
		await scanKind('asset', root, routes)];
	for (const name of WATCHED)
		marks.push(await stat(path.join(root, name)).then((s) =>
			`${name} ${s.mtimeMs} ${s.size}`, () => name));
	const env = readDotenv(await readFile(path.join(root, '.env'), 'utf8')
		.catch(() => ''));
	return {root, routes, env, mark: marks.join('\n')};
}
