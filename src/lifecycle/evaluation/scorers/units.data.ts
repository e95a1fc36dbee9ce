/** Units by the quantity they measure, each with its size in the quantity's first unit and what it is called. Data only. */

export interface Unit {
  readonly names: readonly string[]
  /** In the first unit of the quantity. */
  readonly size: number
}

/** Currencies are quantities of their own: nothing converts between them. */
export const quantities: Readonly<Record<string, readonly Unit[]>> = {
  length: [
    { size: 1, names: ['m', 'metre', 'metres', 'meter', 'meters'] },
    { size: 0.001, names: ['mm', 'millimetre', 'millimetres', 'millimeter', 'millimeters'] },
    { size: 0.01, names: ['cm', 'centimetre', 'centimetres', 'centimeter', 'centimeters'] },
    { size: 1000, names: ['km', 'kilometre', 'kilometres', 'kilometer', 'kilometers'] },
    { size: 0.0254, names: ['in', 'inch', 'inches'] },
    { size: 0.3048, names: ['ft', 'foot', 'feet'] },
    { size: 0.9144, names: ['yd', 'yard', 'yards'] },
    { size: 1609.344, names: ['mi', 'mile', 'miles'] },
  ],
  mass: [
    { size: 1, names: ['kg', 'kilogram', 'kilograms', 'kilogramme', 'kilogrammes'] },
    { size: 0.001, names: ['g', 'gram', 'grams', 'gramme', 'grammes'] },
    { size: 0.000001, names: ['mg', 'milligram', 'milligrams'] },
    { size: 1000, names: ['t', 'tonne', 'tonnes'] },
    { size: 0.45359237, names: ['lb', 'lbs', 'pound', 'pounds'] },
    { size: 0.028349523125, names: ['oz', 'ounce', 'ounces'] },
  ],
  time: [
    { size: 1, names: ['s', 'sec', 'second', 'seconds', 'sekunde', 'sekunden'] },
    { size: 0.001, names: ['ms', 'millisecond', 'milliseconds'] },
    { size: 60, names: ['min', 'mins', 'minute', 'minutes', 'minuten'] },
    { size: 3600, names: ['h', 'hr', 'hrs', 'hour', 'hours', 'stunde', 'stunden'] },
    { size: 86400, names: ['d', 'day', 'days', 'tag', 'tage', 'tagen'] },
    { size: 604800, names: ['week', 'weeks', 'woche', 'wochen'] },
  ],
  /** Months and years have no one length in days. */
  months: [
    { size: 1, names: ['month', 'months', 'monat', 'monate', 'monaten'] },
    { size: 12, names: ['year', 'years', 'jahr', 'jahre', 'jahren'] },
  ],
  volume: [
    { size: 1, names: ['l', 'litre', 'litres', 'liter', 'liters'] },
    { size: 0.001, names: ['ml', 'millilitre', 'millilitres', 'milliliter', 'milliliters'] },
    { size: 1000, names: ['m³', 'm3'] },
  ],
  data: [
    { size: 1, names: ['b', 'byte', 'bytes'] },
    { size: 1e3, names: ['kb', 'kilobyte', 'kilobytes'] },
    { size: 1e6, names: ['mb', 'megabyte', 'megabytes'] },
    { size: 1e9, names: ['gb', 'gigabyte', 'gigabytes'] },
    { size: 1e12, names: ['tb', 'terabyte', 'terabytes'] },
    { size: 1024, names: ['kib'] },
    { size: 1024 ** 2, names: ['mib'] },
    { size: 1024 ** 3, names: ['gib'] },
  ],
  energy: [
    { size: 1, names: ['wh'] },
    { size: 1e3, names: ['kwh'] },
    { size: 1e6, names: ['mwh'] },
  ],
  power: [
    { size: 1, names: ['w', 'watt', 'watts'] },
    { size: 1e3, names: ['kw', 'kilowatt', 'kilowatts'] },
    { size: 1e6, names: ['mw', 'megawatt', 'megawatts'] },
  ],
  share: [
    { size: 1, names: ['%', 'percent', 'per cent', 'prozent', 'por ciento'] },
    { size: 0.1, names: ['‰', 'permille'] },
  ],
  celsius: [{ size: 1, names: ['°c', 'degrees celsius', 'celsius'] }],
  fahrenheit: [{ size: 1, names: ['°f', 'degrees fahrenheit', 'fahrenheit'] }],
  euro: [
    { size: 1, names: ['€', 'eur', 'euro', 'euros'] },
    { size: 0.01, names: ['cent', 'cents'] },
  ],
  dollar: [{ size: 1, names: ['$', 'usd', 'us$', 'dollar', 'dollars'] }],
  sterling: [{ size: 1, names: ['£', 'gbp'] }],
  yen: [{ size: 1, names: ['¥', 'jpy', 'yen', '円'] }],
}
