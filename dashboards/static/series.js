// From a query's rows to the series of a chart: names, colours, one value an interval.

const MOST_SERIES = 8;
const given = new Map();

/**
 * Return series of {name, label, color, isDown, values: Map(start -> value)}.
 * `look` has names, series_colors and action_colors.
 */
export function readSeries(panel, answer, look) {
  const found = panel.columns.length ? readWide(panel, answer) : readLong(panel, answer, look);
  for (const series of found) {
    series.total = [...series.values.values()].reduce((sum, value) => sum + (value ?? 0), 0);
  }
  return found;
}

function readWide(panel, answer) {
  return panel.columns.map((column) => {
    const place = answer.columns.indexOf(column.name);
    const values = new Map(answer.rows.map((row) => [Date.parse(row[0]), row[place]]));
    return { name: column.name, label: column.label, color: `var(--${column.color})`, values };
  });
}

function readLong(panel, answer, look) {
  const found = new Map();
  for (const [time, name, value] of answer.rows) {
    if (!found.has(name)) found.set(name, new Map());
    found.get(name).set(Date.parse(time), value);
  }
  const sum = (values) => [...values.values()].reduce((total, value) => total + value, 0);
  const ranked = [...found].sort((one, other) => sum(other[1]) - sum(one[1]));
  if (panel.mirrors) return ranked.map(([name, values]) => action(panel, name, values, look));
  const shown = ranked.slice(0, ranked.length > MOST_SERIES ? MOST_SERIES - 1 : MOST_SERIES);
  const series = shown.map(([name, values]) => ({
    name,
    label: look.names[name] ?? name,
    color: colorOf(name, look),
    values,
  }));
  const rest = ranked.slice(shown.length);
  if (rest.length) series.push(others(rest));
  return series;
}

function action(panel, name, values, look) {
  const isDown = name.endsWith(panel.mirrors);
  const color = look.action_colors[name.split(" ")[0]] ?? "grey";
  return { name, label: name, color: `var(--${color})`, values, isDown };
}

function others(rest) {
  const values = new Map();
  for (const [, part] of rest) {
    for (const [time, value] of part) values.set(time, (values.get(time) ?? 0) + value);
  }
  return { name: "", label: `${rest.length} others`, color: "var(--grey)", values };
}

/** Give a name its colour; once given it keeps it, whatever ranks first later. */
export function colorOf(name, look) {
  if (!given.has(name)) given.set(name, look.series_colors[given.size % look.series_colors.length]);
  return `var(--${given.get(name)})`;
}
