// From a query's rows to the series of a chart: names, colours, marks, one value an interval.

const MOST_SERIES = 8;
const USUAL_MARKS = { line: "line" };
const given = new Map();
const givenOf = new Map(); // panel -> name -> colour, of what is no entity

/**
 * Return series of {name, label, color, mark, isDown, total, values: Map(start -> value)}.
 * `look` has names, series_colors and action_colors. `first` is the name that gets the first colour.
 */
export function readSeries(panel, answer, look, first) {
  const found = panel.columns.length ? readWide(panel, answer, look)
    : readLong(panel, answer, look, first);
  for (const series of found) {
    series.mark ??= USUAL_MARKS[panel.shape] ?? "bar";
    series.total = [...series.values.values()].reduce((sum, value) => sum + (value ?? 0), 0);
  }
  return found;
}

function readWide(panel, answer, look) {
  return panel.columns
    .filter((column) => column.unit !== "time")
    .map((column, index) => {
      const place = answer.columns.indexOf(column.name);
      const values = new Map(answer.rows.map((row) => [Date.parse(row[0]), row[place]]));
      const color = column.color || look.series_colors[index % look.series_colors.length];
      const mark = panel.shape === "combined" ? column.mark : undefined;
      return { name: column.name, label: column.label, color: `var(--${color})`, mark, values };
    });
}

function readLong(panel, answer, look, first) {
  const found = new Map();
  for (const [time, name, value] of answer.rows) {
    if (!found.has(name)) found.set(name, new Map());
    found.get(name).set(Date.parse(time), value);
  }
  const sum = (values) => [...values.values()].reduce((total, value) => total + value, 0);
  const ranked = [...found].sort((one, other) => sum(other[1]) - sum(one[1]));
  if (panel.mirrors) return ranked.map(([name, values]) => action(panel, name, values, look));
  const isAll = panel.shape === "multiples" || ranked.length <= MOST_SERIES;
  const shown = isAll ? ranked : ranked.slice(0, MOST_SERIES - 1);
  const color = colorsOf(panel.id, first, look);
  const series = shown.map(([name, values]) => ({
    name,
    label: look.names[name] ?? name,
    color: color(name),
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

/** Return what gives the series of a panel their colours: entities have theirs everywhere. */
function colorsOf(panel, first, look) {
  if (!givenOf.has(panel)) givenOf.set(panel, new Map([[first, look.series_colors[0]]]));
  const known = givenOf.get(panel);
  return (name) => {
    if (given.has(name)) return `var(--${given.get(name)})`;
    if (!known.has(name)) known.set(name, look.series_colors[known.size % look.series_colors.length]);
    return `var(--${known.get(name)})`;
  };
}

/** Give an entity its colour; once given it keeps it, whatever ranks first later. */
export function colorOf(name, look) {
  if (!given.has(name)) given.set(name, look.series_colors[given.size % look.series_colors.length]);
  return `var(--${given.get(name)})`;
}
