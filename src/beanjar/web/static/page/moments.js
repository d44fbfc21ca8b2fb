// Moments as people say them: in a language, in a zone, by their own clock.

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const LOCALES = { en: "en-GB" };

/** A day in words: “15 January 2027”. */
export function tellDay(moment, language, zone) {
  const shape = { day: "numeric", month: "long", year: "numeric", timeZone: zone };
  const day = new Intl.DateTimeFormat(localeOf(language), shape).format(moment);
  return language === "fr" ? day.replace(/^1\s/, "1er ") : day;
}

/** The parts of a moment: its day in words, its hour and minute, and what its zone is called. */
export function partsOf(moment, language, zone) {
  const shape = {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    timeZone: zone,
  };
  const parts = new Intl.DateTimeFormat(localeOf(language), shape).formatToParts(moment);
  const [hour, minute, name] = ["hour", "minute", "timeZoneName"].map(
    (type) => parts.find((part) => part.type === type).value,
  );
  const plain = language === "fr" ? hour.replace(/^0/, "") : hour;
  return { day: tellDay(moment, language, zone), hour: plain, minute, zone: name };
}

/** How long it still is, “in 25 minutes”; nothing once it is over, or while it is a day or more. */
export function tellLeft(moment, now, language) {
  const left = moment - now;
  if (left <= 0 || left >= DAY) {
    return "";
  }
  const minutes = Math.ceil(left / MINUTE);
  const [number, unit] = minutes < 60 ? [minutes, "minute"] : [Math.round(left / HOUR), "hour"];
  return new Intl.RelativeTimeFormat(localeOf(language)).format(number, unit);
}

function localeOf(language) {
  return LOCALES[language] ?? language;
}
