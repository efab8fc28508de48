'use strict';
/*
 * The events of a run, one JSON object a line (bpool(1), Events), read from the
 * page itself and drawn.  What comes from a run is text: nothing of it becomes
 * markup.
 */

/* ---- The run, from its events --------------------------------------------- */

/* Milliseconds since 1970, with fractions, of 2026-01-31T12:00:00.123456Z. */
function timeOf(text) {
	const second = text.slice(0, 19);

	if (second !== timeOf.second) {
		timeOf.second = second;
		timeOf.ms = Date.parse(second + 'Z');
	}
	return timeOf.ms + 1000 * parseFloat('0' + text.slice(19, -1));
}

function howEnded(e) {
	const late = e.timed_out ? 'timed out: ' : '';

	if (e.outcome === 'ok')
		return 'ok';
	if ('result' in e)
		return 'returned ' + e.result;
	if (e.outcome === 'missing')
		return 'no such command';
	if (e.outcome === 'not executable')
		return 'not executable';
	if (e.outcome === 'broken')
		return 'bpool failed it';
	return late + (e.signal ? 'killed by signal ' + e.signal : 'exit status ' + e.status);
}

/* What each kind of event does to the run. */
const takes = {
	begin(run, e, at) {
		run.begins++;
		run.title = 'pool' in e ? e.pool : 'bpool ' + (e.command || '');
		run.limits.push({ at, limit: e.limit });
	},
	limit(run, e, at) {
		run.limits.push({ at, limit: e.limit });
	},
	start(run, e, at) {
		const job = jobOf(run, e);
		const attempt = { job, slot: e.slot, start: at, end: NaN, state: 'open',
			how: 'runs', output: '', number: job.attempts.length + 1 };

		job.attempts.push(attempt);
		run.attempts.push(attempt);
		run.open.set(e.job + '/' + e.slot, attempt);
	},
	retry(run, e) {
		endAttempt(run, e, 'again', (e.overloaded ? 'refused: ' : '') + howEnded(e));
	},
	end(run, e, at) {
		const job = jobOf(run, e);

		job.state = e.outcome === 'ok' ? 'ok' : 'failed';
		job.how = howEnded(e);
		job.seconds = secondsOf(e);
		/* One that was stopped before its next try has said nothing more. */
		job.output = outputOf(e) || (job.attempts.length ? lastOf(job).output : '');
		job.stdout = e.stdout_bytes;
		job.stderr = e.stderr_bytes;
		if (!endAttempt(run, e, job.state, job.how) && isNaN(job.at))
			job.at = at;
	},
	halt(run, e) {
		run.halt = e.why;
	},
	summary(run, e) {
		run.summary = e;
	},
};

/* Others may have written the file. */
const secondsOf = e => Math.max(0, Number(e.seconds)) || 0;
const outputOf = e => String(e.output || '');

function jobOf(run, e) {
	let job = run.byNumber.get(e.job);

	if (!job) {
		job = { number: e.job, command: String(e.command), attempts: [], state: 'open',
			how: 'not ended', seconds: NaN, at: NaN, output: '' };
		run.byNumber.set(e.job, job);
		run.jobs.push(job);
	}
	return job;
}

function endAttempt(run, e, state, how) {
	/* By its slot too: of the library's events, those of two workers have no order. */
	const attempt = run.open.get(e.job + '/' + e.slot);

	if (!attempt)
		return false;
	run.open.delete(e.job + '/' + e.slot);
	attempt.end = attempt.start + secondsOf(e) * 1000;
	attempt.state = state;
	attempt.how = how;
	attempt.output = outputOf(e);
	return true;
}

function readRun(text) {
	const run = { jobs: [], attempts: [], limits: [], byNumber: new Map(),
		open: new Map(), title: 'bpool', begins: 0, bad: 0, first: Infinity, last: -Infinity };

	for (const line of text.split('\n')) {
		let e = null, at = NaN;

		if (!line)
			continue;
		try {
			e = JSON.parse(line);
			at = timeOf(e.time);
			if (Object.prototype.hasOwnProperty.call(takes, e.event) && !isNaN(at))
				takes[e.event](run, e, at);
		} catch (error) {
			/* Of a bpool that was killed as it wrote it. */
			at = NaN;
		}
		if (isNaN(at)) {
			run.bad++;
			continue;
		}
		run.first = Math.min(run.first, at);
		run.last = Math.max(run.last, at);
	}
	return finishRun(run);
}

function finishRun(run) {
	if (!isFinite(run.first))
		run.first = run.last = 0;
	for (const attempt of run.attempts)
		if (isNaN(attempt.end))
			attempt.end = run.last;
	for (const job of run.jobs)
		if (job.attempts.length)
			job.at = job.attempts[0].start;
	run.failed = run.jobs.filter(job => job.state === 'failed');
	run.lowest = run.limits.reduce((least, l) => Math.min(least, l.limit), Infinity);
	run.highest = run.limits.reduce((most, l) => Math.max(most, l.limit), 0);
	run.lanes = lanesOf(run.attempts);
	run.flight = flightOf(run.attempts.filter(a => !a.inner));
	return run;
}

/* The attempts of each slot, in the order of time.  A job of the library may run
 * another inside it, on the same worker: that stands in a lane below, and is none
 * more at once. */
function lanesOf(attempts) {
	const slots = new Map(), lanes = [];

	for (const attempt of [...attempts].sort((a, b) => a.start - b.start)) {
		if (!slots.has(attempt.slot))
			slots.set(attempt.slot, []);
		const all = slots.get(attempt.slot);
		/* One after another, as far as two clocks can tell. */
		let lane = all.find(l => l[l.length - 1].end <= attempt.start + 1);
		if (!lane)
			all.push(lane = []);
		attempt.inner = lane !== all[0];
		lane.push(attempt);
	}
	for (const slot of [...slots.keys()].sort((a, b) => a - b))
		lanes.push(...slots.get(slot));
	lanes.forEach((lane, index) => lane.forEach((attempt, place) => {
		attempt.lane = index;
		attempt.place = place;
	}));
	return lanes;
}

/* How many ran from each of `times` on. */
function flightOf(attempts) {
	const starts = Float64Array.from(attempts, a => a.start).sort();
	const ends = Float64Array.from(attempts, a => a.end).sort();
	const times = [], counts = [];
	let s = 0, e = 0, peak = 0, total = 0;

	while (e < ends.length) {
		/* One that ends as another starts made room for it. */
		const starting = s < starts.length && (starts[s] < ends[e] || s === e);
		const at = starting ? starts[s++] : ends[e++];

		times.push(at);
		counts.push(s - e);
		peak = Math.max(peak, s - e);
	}
	for (const attempt of attempts)
		total += attempt.end - attempt.start;
	return { times, counts, peak, total };
}

/* ---- Words ------------------------------------------------------------------ */

function seconds(s) {
	if (!isFinite(s))
		return '\u2013';
	if (s < 0.0009995)
		return (s * 1e6).toFixed(0) + ' \u00b5s';
	if (s < 0.9995)
		return (s * 1000).toPrecision(3) + ' ms';
	if (s < 99.95)
		return s.toPrecision(3) + ' s';
	const whole = Math.round(s), minutes = Math.round(s / 60);
	if (s < 5970)
		return Math.floor(whole / 60) + ' min ' + whole % 60 + ' s';
	return Math.floor(minutes / 60) + ' h ' + minutes % 60 + ' min';
}

/* Of a round number. */
function short(s) {
	return s === 0 ? '0' : s < 1e-3 ? Number((s * 1e6).toPrecision(6)) + ' \u00b5s'
		: s < 1 ? Number((s * 1e3).toPrecision(6)) + ' ms' : Number(s.toPrecision(6)) + ' s';
}

function count(n, word) {
	return n.toLocaleString('en') + ' ' + word + (n === 1 ? '' : 's');
}

function clock(ms) {
	return new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

/* Without the sequences that colour it at a terminal, other controls, and what turns
 * the order of characters around. */
function plain(text) {
	return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
		.replace(/\r\n?/g, '\n')
		.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/* ---- Elements ------------------------------------------------------------------ */

const byId = id => document.getElementById(id);

function element(name, className, text) {
	const made = document.createElement(name);

	if (className)
		made.className = className;
	if (text !== undefined)
		made.textContent = text;
	return made;
}

/* What is known of an attempt, or of a job that never ran. */
function describe(into, job, attempt) {
	const facts = ['Job ' + job.number];
	const ran = attempt ? (attempt.end - attempt.start) / 1000 : NaN;
	const line = element('p', 'dim');

	if (attempt) {
		facts.push('slot ' + attempt.slot);
		if (job.attempts.length > 1)
			facts.push('attempt ' + attempt.number + ' of ' + job.attempts.length);
		facts.push('started ' + seconds((attempt.start - run.first) / 1000) +
			' into the run (' + clock(attempt.start) + ')');
		facts.push('ran ' + seconds(ran));
	}
	if (job.stdout || job.stderr)
		facts.push(count(job.stdout, 'byte') + ' to stdout, ' +
			job.stderr.toLocaleString('en') + ' to stderr');
	const state = attempt ? attempt.state : job.state;
	line.append(element('span', 'state state-' + state, attempt ? attempt.how : job.how),
		' \u00b7 ' + facts.join(' \u00b7 '));
	into.replaceChildren(element('p', 'command', plain(job.command)), line);
	const output = plain(attempt ? attempt.output : job.output).trimEnd();
	if (output)
		into.append(element('pre', 'output', output));
}

const lastOf = job => job.attempts[job.attempts.length - 1];

/* ---- Charts -------------------------------------------------------------------- */

const GUTTER = 52, AXIS = 22;

function palette() {
	const style = getComputedStyle(document.documentElement);
	const colors = {};

	for (const name of ['ground', 'text', 'dim', 'line', 'raised', 'ok', 'failed',
		'again', 'open', 'limit', 'focus'])
		colors[name] = style.getPropertyValue('--' + name).trim();
	return colors;
}

/* The canvas in a holder, empty, so many CSS pixels high. */
function surface(holder, height) {
	const canvas = holder.querySelector('canvas');
	const width = holder.clientWidth;
	const scale = Math.min(window.devicePixelRatio || 1, 16000 / height);
	const g = canvas.getContext('2d');

	canvas.width = Math.round(width * scale);
	canvas.height = Math.round(height * scale);
	canvas.style.height = height + 'px';
	g.setTransform(scale, 0, 0, scale, 0, 0);
	g.font = '11px system-ui, sans-serif';
	g.textBaseline = 'middle';
	return { g, width, height, colors: palette() };
}

/* A round step of which no more than about `most` go from `low` to `high`. */
function stepOf(low, high, most) {
	const raw = (high - low) / most || 1;
	const power = Math.pow(10, Math.floor(Math.log10(raw)));

	if (raw > 20)
		return [30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200]
			.find(n => n >= raw) || Math.ceil(raw / 86400) * 86400;
	return [1, 2, 5, 10].map(n => n * power).find(n => n >= raw);
}

function ticks(low, high, step) {
	const all = [];

	for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
		all.push(i * step);
	return all;
}

/* All labels of an axis of seconds in one unit, with as many digits as its step
 * needs. */
function label(s, step) {
	const unit = step < 1e-4 ? 1e-6 : step < 0.1 ? 1e-3 : 1;
	const digits = Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));

	if (Math.abs(s) < step / 1e6)
		return '0';
	if (step >= 30)
		return s < 3600 ? s / 60 + ' min' : Math.floor(s / 3600) + ' h ' + Math.round(s % 3600 / 60) + ' min';
	return (s / unit).toFixed(digits) + (unit === 1 ? ' s' : unit === 1e-3 ? ' ms' : ' \u00b5s');
}

/* A time of day, in milliseconds, as a place on the surface. */
function across(s, at) {
	return GUTTER + (at - view.from) / (view.to - view.from) * (s.width - GUTTER - 8);
}

function timeAt(s, x) {
	return view.from + (x - GUTTER) / (s.width - GUTTER - 8) * (view.to - view.from);
}

/* Lines of time, their labels around y. */
function drawTimes(s, y, from, to) {
	const low = (view.from - run.first) / 1000, high = (view.to - run.first) / 1000;

	const step = stepOf(low, high, Math.max(2, s.width / 110));

	s.g.textAlign = 'center';
	for (const at of ticks(low, high, step)) {
		const x = across(s, run.first + at * 1000);

		s.g.fillStyle = s.colors.line;
		s.g.fillRect(x, from, 1, to - from);
		s.g.fillStyle = s.colors.dim;
		s.g.fillText(label(at, step), Math.min(x, s.width - 26), y);
	}
}

const laneHeight = () =>
	run.lanes.length <= 30 ? 18 : Math.max(3, Math.floor(540 / run.lanes.length));

/* The first attempt of the lane that ends after `at`. */
function firstAfter(lane, at) {
	let low = 0, high = lane.length;

	while (low < high) {
		const middle = low + high >> 1;

		if (lane[middle].end > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * Bars of a lane.  Those that are too narrow to be told apart are one, which is
 * what makes many of them quick to draw; what failed is drawn last, over them.
 */
function drawLane(s, lane, y, height, late) {
	let from = NaN, to = NaN, state = '';
	const flush = () => {
		if (from < to) {
			s.g.fillStyle = s.colors[state];
			s.g.fillRect(from, y, to - from, height);
		}
		from = to = NaN;
	};

	for (let i = firstAfter(lane, view.from); i < lane.length; i++) {
		const attempt = lane[i];

		if (attempt.start > view.to)
			break;
		const x = Math.max(GUTTER, across(s, attempt.start));
		const end = Math.max(x + 1, Math.min(across(s, attempt.end), s.width));
		const narrow = end - x <= 3;

		if (attempt.state !== 'ok' && attempt.state !== 'open')
			late.push({ attempt, x, y, width: Math.max(2, end - x - (narrow ? 0 : 1)) });
		else if (narrow && state === attempt.state && x <= to + 0.5) {
			to = end;
		} else {
			flush();
			from = x;
			to = narrow ? end : end - 1;
			state = attempt.state;
			if (!narrow)
				flush();
		}
	}
	flush();
}

function drawLanes() {
	const height = laneHeight(), gap = height > 5 ? 2 : 0;
	const s = surface(byId('lanes'), AXIS + run.lanes.length * height + 4);
	const every = Math.ceil(14 / height);
	const late = [];

	drawTimes(s, AXIS / 2, AXIS, s.height);
	run.lanes.forEach((lane, i) => {
		const y = AXIS + i * height;

		s.g.fillStyle = s.colors.dim;
		s.g.textAlign = 'right';
		if (i % every === 0)
			s.g.fillText(lane[0].slot, GUTTER - 8, y + Math.max(height, 12) / 2);
		drawLane(s, lane, y + gap / 2, height - gap, late);
	});
	for (const bar of late) {
		s.g.fillStyle = s.colors[bar.attempt.state];
		s.g.fillRect(bar.x, bar.y, bar.width, height - gap);
	}
	drawSelected(s, height);
	lanesSurface = s;
}

function drawSelected(s, height) {
	if (!selected)
		return;
	const x = across(s, selected.start);
	const width = Math.max(3, across(s, selected.end) - x);

	s.g.strokeStyle = s.colors.text;
	s.g.lineWidth = 2;
	s.g.strokeRect(x - 1, AXIS + selected.lane * height, width + 1, Math.max(height, 4));
}

/* The most that ran at once within each pixel. */
function drawFlight() {
	const s = surface(byId('flight'), 130);
	const { times, counts, peak } = run.flight;
	const most = Math.max(peak, run.highest, 1);
	const foot = s.height - AXIS, up = n => foot - n / most * (foot - 12);

	drawTimes(s, s.height - AXIS / 2, 0, foot);
	const line = new Path2D(), area = new Path2D();
	let i = firstIndex(times, view.from), now = i ? counts[i - 1] : 0;

	area.moveTo(GUTTER, foot);
	line.moveTo(GUTTER, up(now));
	for (let x = GUTTER; x < s.width - 8; x++) {
		const until = timeAt(s, x + 1);
		let high = now;

		for (; i < times.length && times[i] < until; i++) {
			now = counts[i];
			high = Math.max(high, now);
		}
		for (const path of [area, line]) {
			path.lineTo(x, up(high));
			path.lineTo(x + 1, up(high));
		}
	}
	area.lineTo(s.width - 8, foot);
	s.g.fillStyle = s.g.strokeStyle = s.colors.ok;
	s.g.globalAlpha = 0.3;
	s.g.fill(area);
	s.g.globalAlpha = 1;
	s.g.lineWidth = 1.5;
	s.g.stroke(line);
	drawLimit(s, up);
	s.g.fillStyle = s.colors.dim;
	s.g.textAlign = 'right';
	s.g.fillText('0', GUTTER - 8, foot - 4);
	s.g.fillText(String(most), GUTTER - 8, Math.max(8, up(most)));
}

function firstIndex(times, at) {
	let low = 0, high = times.length;

	while (low < high) {
		const middle = low + high >> 1;

		if (times[middle] >= at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

function drawLimit(s, up) {
	if (!run.limits.length)
		return;
	s.g.strokeStyle = s.colors.limit;
	s.g.lineWidth = 1.5;
	s.g.setLineDash([5, 4]);
	s.g.beginPath();
	run.limits.forEach((l, i) => {
		const next = run.limits[i + 1];
		const from = Math.max(GUTTER, across(s, l.at));
		const to = Math.max(GUTTER, next ? across(s, next.at) : s.width - 8);

		if (i === 0)
			s.g.moveTo(from, up(l.limit));
		s.g.lineTo(from, up(l.limit));
		s.g.lineTo(to, up(l.limit));
	});
	s.g.stroke();
	s.g.setLineDash([]);
}

/* Round numbers where one bin of run times ends and the next begins: in steps that
 * grow with them where they differ by much, else evenly. */
function edgesOf(low, high) {
	const edges = [];

	if (low > 0 && high / low > 20) {
		for (let power = Math.floor(Math.log10(low)); Math.pow(10, power) < high * 10; power++)
			for (const n of [1, 1.5, 2, 3, 5, 7])
				edges.push(Number((n * Math.pow(10, power)).toPrecision(3)));
	} else {
		const step = stepOf(low, high, 20);

		for (let i = Math.floor(low / step); (i - 2) * step < high; i++)
			edges.push(i * step);
	}
	/* From the one before the least to the one behind the most. */
	const first = edges.filter(edge => edge <= low).length - 1;
	const last = edges.findIndex(edge => edge > high);
	return edges.slice(Math.max(0, first), last + 1);
}

function timesOf(jobs) {
	const ran = jobs.filter(job => job.attempts.length && job.state !== 'open');
	const sorted = Float64Array.from(ran, job => job.seconds).sort();
	const at = share => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
	const low = sorted[0], high = sorted[sorted.length - 1];
	const bins = ran.length ? edgesOf(low, Math.max(high, low + 0.001)).map((to, i, all) => ({
		from: i ? all[i - 1] : NaN, to, ok: 0, failed: 0 })).slice(1) : [];

	for (const job of ran)
		bins.find(b => job.seconds < b.to)[job.state]++;
	return { n: ran.length, bins, median: at(0.5), most: at(0.95), longest: high };
}

function drawTimesOfJobs() {
	const s = surface(byId('times'), 150);
	const { bins, n } = run.times;

	if (!n)
		return;
	const most = Math.max(...bins.map(b => b.ok + b.failed));
	const foot = s.height - AXIS, wide = (s.width - GUTTER - 24) / bins.length;
	const up = k => k / most * (foot - 16);

	s.g.textAlign = 'center';
	bins.forEach((bin, i) => {
		const x = GUTTER + i * wide;

		/* Few are seen too. */
		const ok = bin.ok && Math.max(1, up(bin.ok));
		const failed = bin.failed && Math.max(2, up(bin.failed));
		s.g.fillStyle = s.colors.ok;
		s.g.fillRect(x, foot - ok, wide - 2, ok);
		s.g.fillStyle = s.colors.failed;
		s.g.fillRect(x, foot - ok - failed, wide - 2, failed);
		s.g.fillStyle = s.colors.dim;
		if (i % Math.ceil(64 / wide) === 0)
			s.g.fillText(short(bin.from), x, s.height - AXIS / 2);
	});
	s.g.fillStyle = s.colors.line;
	s.g.fillRect(GUTTER, foot, s.width - GUTTER, 1);
	s.g.fillStyle = s.colors.dim;
	s.g.textAlign = 'right';
	s.g.fillText(most.toLocaleString('en'), GUTTER - 8, foot - up(most) + 4);
	s.g.fillText('0', GUTTER - 8, foot - 4);
}

function drawTimeline() {
	drawLanes();
	drawFlight();
}

function drawAll() {
	drawTimeline();
	drawTimesOfJobs();
}

/* ---- Looking around the timeline -------------------------------------------------- */

let run, view, selected = null, lanesSurface = null;

function look(from, to) {
	const most = Math.max(run.last - run.first, 1);
	const wide = Math.min(most, Math.max(to - from, most / 1e5, 0.01));
	const low = Math.max(run.first, Math.min(from, run.first + most - wide));

	view = { from: low, to: low + wide };
	drawTimeline();
}

function zoom(factor, around) {
	const middle = around === undefined ? (view.from + view.to) / 2 : around;

	look(middle - (middle - view.from) * factor, middle + (view.to - middle) * factor);
}

/* The attempt at a place of the lanes, or close to it. */
function attemptAt(x, y) {
	const lane = run.lanes[Math.floor((y - AXIS) / laneHeight())];
	const at = timeAt(lanesSurface, x), near = timeAt(lanesSurface, x + 3) - at;

	if (!lane || x < GUTTER)
		return null;
	const i = firstAfter(lane, at - near);
	return lane[i] && lane[i].start <= at + near ? lane[i] : null;
}

function select(attempt) {
	if (!attempt)
		return;
	selected = attempt;
	const shown = element('div', 'detail');
	describe(shown, attempt.job, attempt);
	byId('detail').replaceChildren(shown);
	if (attempt.end < view.from || attempt.start > view.to) {
		const half = (view.to - view.from) / 2;

		look(attempt.start - half, attempt.start + half);
	} else {
		drawLanes();
	}
	const top = AXIS + attempt.lane * laneHeight(), holder = byId('lanes');
	if (top < holder.scrollTop || top + laneHeight() > holder.scrollTop + holder.clientHeight)
		holder.scrollTop = top - holder.clientHeight / 2;
}

/* The attempt of another lane that ran when this one did, or next. */
function beside(attempt, lanes) {
	const lane = run.lanes[attempt.lane + lanes];

	return lane && lane[Math.min(firstAfter(lane, attempt.start), lane.length - 1)];
}

const keys = {
	ArrowRight: () => select(selected ? run.lanes[selected.lane][selected.place + 1] : run.attempts[0]),
	ArrowLeft: () => select(selected ? run.lanes[selected.lane][selected.place - 1] : run.attempts[0]),
	ArrowDown: () => select(selected ? beside(selected, 1) : run.attempts[0]),
	ArrowUp: () => select(selected ? beside(selected, -1) : run.attempts[0]),
	Home: () => select(run.lanes[selected ? selected.lane : 0][0]),
	End: () => select(run.lanes[selected ? selected.lane : 0].slice(-1)[0]),
	'+': () => zoom(0.5, selected ? selected.start : undefined),
	'=': () => zoom(0.5, selected ? selected.start : undefined),
	'-': () => zoom(2),
	0: () => look(run.first, run.last),
};

function hideTip() {
	byId('tip').hidden = true;
}

function showTip(event, attempt) {
	const tip = byId('tip');

	describe(tip, attempt.job, attempt);
	tip.hidden = false;
	const right = event.clientX + 14 + tip.offsetWidth > window.innerWidth;
	const below = event.clientY + 14 + tip.offsetHeight > window.innerHeight;
	tip.style.left = Math.max(4, right ? event.clientX - 14 - tip.offsetWidth : event.clientX + 14) + 'px';
	tip.style.top = Math.max(4, below ? event.clientY - 14 - tip.offsetHeight : event.clientY + 14) + 'px';
}

function listenToTimeline() {
	const lanes = byId('lanes'), canvas = lanes.querySelector('canvas');
	let drag = null;

	canvas.addEventListener('pointerdown', event => {
		drag = { x: event.offsetX, from: view.from, to: view.to, moved: false };
		canvas.setPointerCapture(event.pointerId);
	});
	canvas.addEventListener('pointermove', event => {
		const attempt = attemptAt(event.offsetX, event.offsetY);

		if (drag && !event.buttons)
			drag = null;
		if (drag && Math.abs(event.offsetX - drag.x) > 4)
			drag.moved = true;
		if (drag && drag.moved) {
			const by = (drag.x - event.offsetX) / (lanesSurface.width - GUTTER - 8) * (drag.to - drag.from);

			look(drag.from + by, drag.to + by);
			hideTip();
		} else if (attempt) {
			showTip(event, attempt);
		} else {
			hideTip();
		}
	});
	canvas.addEventListener('pointerup', event => {
		if (drag && !drag.moved)
			select(attemptAt(event.offsetX, event.offsetY));
		drag = null;
	});
	canvas.addEventListener('pointercancel', () => {
		drag = null;
	});
	canvas.addEventListener('pointerleave', hideTip);
	document.addEventListener('keydown', event => {
		if (event.key === 'Escape')
			hideTip();
	});
	canvas.addEventListener('wheel', event => {
		if (!event.ctrlKey)
			return; /* the page scrolls */
		event.preventDefault();
		zoom(event.deltaY < 0 ? 0.8 : 1.25, timeAt(lanesSurface, event.offsetX));
	}, { passive: false });
	lanes.addEventListener('keydown', event => {
		if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey || !run.attempts.length)
			return;
		event.preventDefault();
		keys[event.key]();
	});
	byId('zoom-in').addEventListener('click', () => zoom(0.5));
	byId('zoom-out').addEventListener('click', () => zoom(2));
	byId('zoom-all').addEventListener('click', () => look(run.first, run.last));
}

/* ---- The list of jobs ---------------------------------------------------------------- */

const PAGE = 100;
const rank = { failed: 0, open: 1, ok: 2 };
const columns = [
	{ name: 'Job', number: true, of: job => job.number },
	{ name: 'Command', of: job => job.command },
	{ name: 'How it ended', of: job => rank[job.state] },
	{ name: 'Attempts', number: true, of: job => job.attempts.length },
	{ name: 'Started', number: true, of: job => job.at },
	{ name: 'Run time', number: true, of: job => isNaN(job.seconds) ? -1 : job.seconds },
	{ name: 'Slot', number: true, of: job => job.attempts.length ? lastOf(job).slot : 0 },
];
const states = [
	{ value: 'failed', name: 'failed', is: job => job.state === 'failed' },
	{ value: 'ok', name: 'succeeded', is: job => job.state === 'ok' },
	{ value: 'late', name: 'timed out', is: job => job.how.startsWith('timed out') },
	{ value: 'again', name: 'were tried again', is: job => job.attempts.length > 1 },
	{ value: 'open', name: 'had not ended', is: job => job.state === 'open' },
];
const list = { jobs: [], page: 0, by: 2, down: false, find: '', state: '' };

function less(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}

/* Filter and sort, from the first page on. */
function listAgain() {
	const words = list.find.toLowerCase(), sign = list.down ? -1 : 1;
	const state = states.find(s => s.value === list.state);
	const of = columns[list.by].of;

	list.jobs = run.jobs.filter(job => (!state || state.is(job)) &&
		(!words || job.command.toLowerCase().includes(words) ||
		 job.attempts.some(a => a.output.toLowerCase().includes(words))));
	list.jobs.sort((a, b) => sign * less(of(a), of(b)) || a.number - b.number);
	list.page = 0;
	byId('found').textContent = count(list.jobs.length, 'job');
	showPage();
}

function cell(text, className) {
	return element('td', className, text);
}

/* A command that shows more below its row. */
function commandCell(job, row) {
	const shown = element('td'), button = element('button', 'show', plain(job.command) || '(empty)');

	button.type = 'button';
	button.setAttribute('aria-expanded', 'false');
	button.addEventListener('click', () => {
		const open = button.getAttribute('aria-expanded') === 'true';

		button.setAttribute('aria-expanded', String(!open));
		if (open)
			row.nextSibling.remove();
		else
			row.after(moreRow(job, row.children.length));
	});
	shown.append(button);
	return shown;
}

function moreRow(job, wide) {
	const row = element('tr'), shown = element('td');

	shown.colSpan = wide;
	for (const attempt of job.attempts.length ? job.attempts : [null]) {
		const part = element('div', 'detail');

		describe(part, job, attempt);
		shown.append(part);
	}
	row.append(shown);
	return row;
}

function stateCell(job) {
	const shown = element('td', 'how');

	shown.append(element('span', 'state state-' + job.state, job.how));
	return shown;
}

function rowOf(job) {
	const row = element('tr');

	row.append(cell(job.number, 'number'), commandCell(job, row), stateCell(job),
		cell(job.attempts.length, 'number'),
		cell(seconds((job.at - run.first) / 1000), 'number'),
		cell(job.attempts.length ? seconds(job.seconds) : '\u2013', 'number'),
		cell(job.attempts.length ? lastOf(job).slot : '\u2013', 'number'));
	return row;
}

function showPage() {
	const from = list.page * PAGE, to = Math.min(from + PAGE, list.jobs.length);

	byId('jobs').tBodies[0].replaceChildren(...list.jobs.slice(from, to).map(rowOf));
	byId('page').textContent = list.jobs.length
		? (from + 1).toLocaleString('en') + ' to ' + to.toLocaleString('en') +
			' of ' + list.jobs.length.toLocaleString('en')
		: 'none';
	/* A button that is disabled would lose the focus. */
	byId('back').setAttribute('aria-disabled', list.page === 0);
	byId('next').setAttribute('aria-disabled', to === list.jobs.length);
	[...byId('jobs').tHead.rows[0].cells].forEach((head, i) =>
		head.setAttribute('aria-sort', i !== list.by ? 'none' : list.down ? 'descending' : 'ascending'));
}

function turnPage(by) {
	const page = list.page + by;

	if (page < 0 || page * PAGE >= list.jobs.length)
		return;
	list.page = page;
	showPage();
}

function showState(value) {
	byId('state').value = list.state = value;
	listAgain();
	byId('jobs-head').scrollIntoView();
	byId('jobs-head').focus({ preventScroll: true });
}

function listenToList() {
	columns.forEach((column, i) => {
		const head = element('th', column.number ? 'number' : ''), button = element('button', '', column.name);

		button.type = 'button';
		head.scope = 'col';
		button.addEventListener('click', () => {
			list.down = list.by === i && !list.down;
			list.by = i;
			listAgain();
		});
		head.append(button);
		byId('jobs').tHead.rows[0].append(head);
	});
	for (const state of states) {
		const n = run.jobs.filter(state.is).length;
		const option = element('option', '', state.name + ' (' + n.toLocaleString('en') + ')');

		option.value = state.value;
		option.disabled = !n;
		byId('state').append(option);
	}
	byId('find').addEventListener('input', event => {
		list.find = event.target.value;
		clearTimeout(list.soon);
		list.soon = setTimeout(listAgain, 150);
	});
	byId('state').addEventListener('change', event => {
		list.state = event.target.value;
		listAgain();
	});
	byId('filter').addEventListener('submit', event => event.preventDefault());
	byId('back').addEventListener('click', () => turnPage(-1));
	byId('next').addEventListener('click', () => turnPage(1));
}

/* ---- What it came to --------------------------------------------------------------------- */

function showHead() {
	const ended = run.jobs.filter(job => job.state !== 'open').length;
	const open = run.jobs.length - ended, failed = run.failed.length;
	const remarks = [];

	byId('title').textContent = plain(run.title);
	document.title = (failed ? failed.toLocaleString('en') + ' failed \u2013 ' : '') + plain(run.title);
	byId('verdict').textContent = !run.jobs.length ? 'No job ran.'
		: failed === 0 && open === 0 ? (run.jobs.length === 1 ? 'The job succeeded.' : 'All ' + count(run.jobs.length, 'job') + ' succeeded.')
		: count(failed, 'job') + ' failed of ' + ended.toLocaleString('en') + (open ? ' that ended.' : '.');
	if (!run.summary)
		remarks.push('The run had not ended when this was written' +
			(open ? ': ' + count(open, 'job') + ' had not.' : '.'));
	if (run.summary && run.summary.stopped)
		remarks.push(count(run.summary.stopped, 'job') + ' never started or ended by a stop.');
	if (run.begins > 1)
		remarks.push('These are events of ' + run.begins + ' runs: jobs of the same number are taken for one.');
	if (run.halt)
		remarks.push('It ended early: ' + run.halt + '.');
	if (run.bad)
		remarks.push(count(run.bad, 'line') + ' could not be read.');
	byId('remarks').textContent = remarks.join(' ');
	byId('remarks').hidden = !remarks.length;
}

function showFigures() {
	const wall = (run.last - run.first) / 1000;
	const again = run.attempts.filter(a => a.state === 'again').length;
	const figures = [
		['Jobs', run.jobs.length.toLocaleString('en')],
		['Failed', run.failed.length.toLocaleString('en')],
		['Tried again', again.toLocaleString('en')],
		['Began', run.first ? clock(run.first).replace(/\.\d+/, '') : '\u2013'],
		['Took', seconds(wall)],
		['One after another', seconds(run.flight.total / 1000)],
		['At once, on average', wall ? (run.flight.total / 1000 / wall).toFixed(1) : '\u2013'],
		['At once, at most', run.flight.peak.toLocaleString('en') +
			(run.highest ? ' of ' + run.highest.toLocaleString('en') : '')],
		['Run time, median', seconds(run.times.median)],
	];
	if (run.summary && 'status' in run.summary)
		figures.push(['Exit status', run.summary.status]);

	for (const [name, value] of figures) {
		const pair = element('div');

		pair.append(element('dt', '', name), element('dd', '', value));
		byId('figures').append(pair);
	}
}

const FAILURES = 10;

function showFailures() {
	const section = byId('failures'), body = section.querySelector('tbody');
	const more = run.failed.length - FAILURES;

	section.hidden = !run.failed.length;
	for (const job of run.failed.slice(0, FAILURES)) {
		const row = element('tr'), command = commandCell(job, row);
		const output = plain(job.output).trimEnd().split('\n').slice(-3).join('\n');

		if (output)
			command.append(element('pre', 'dim', output));
		row.append(cell(job.number, 'number'), command, stateCell(job), cell(seconds(job.seconds), 'number'));
		body.append(row);
	}
	if (more > 0) {
		const button = element('button', '', 'All ' + count(run.failed.length, 'failure'));

		button.type = 'button';
		button.addEventListener('click', () => showState('failed'));
		section.querySelector('.more').append(button);
	}
}

function showWords() {
	const { peak } = run.flight, t = run.times;
	const legend = [['ok', 'succeeded'], ['failed', 'failed'], ['again', 'failed or refused, and tried again'], ['open', 'not ended']];

	byId('flight-says').textContent = 'No more than ' + count(peak, 'job') + ' at once' +
		(run.limits.length ? '; the limit (dashed) was ' + (run.lowest === run.highest
			? run.lowest : run.lowest + ' to ' + run.highest) : '') + '.';
	byId('times-says').textContent = t.n ? 'Half of ' + count(t.n, 'job') + ' ran no longer than ' + seconds(t.median) +
		', 95 % no longer than ' + seconds(t.most) + ', the longest ' + seconds(t.longest) + '.' : 'No job has ended.';
	for (const [state, name] of legend) {
		if (!run.attempts.some(a => a.state === state))
			continue;
		const shown = element('span', '', name), mark = element('i');

		mark.style.background = 'var(--' + state + ')';
		shown.prepend(mark);
		byId('legend').append(shown);
	}
}

function drawForPrint(is) {
	document.documentElement.toggleAttribute('data-print', is);
	drawAll();
}

document.addEventListener('DOMContentLoaded', () => {
	const from = byId('events');

	run = readRun(from ? from.textContent : '');
	run.times = timesOf(run.jobs);
	view = { from: run.first, to: Math.max(run.last, run.first + 1) };
	showHead();
	showFigures();
	showFailures();
	showWords();
	listenToTimeline();
	listenToList();
	listAgain();
	drawAll();
	window.addEventListener('resize', drawAll);
	window.addEventListener('beforeprint', () => drawForPrint(true));
	window.addEventListener('afterprint', () => drawForPrint(false));
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
});
