// What is said to people: one file for each language, of which a page loads those that it shows.

const LANGUAGES = "__PAIRLINK_LANGUAGES__".split(" ");

/** The first strings of a language, in English: for when no language comes either. */
export const ENGLISH = [
  "ltr",
  "The connection widget could not be loaded.",
  "The connection widget is not set up on this page.",
  "Try again",
  "Open in a new window",
  "en",
  "WhatsApp connection",
];
/** Where the strings that scripts say themselves are in the list of a language. */
export const [DIRECTION, FAILED, SETUP, RETRY, OPEN, LANGUAGE, REGION] = [0, 1, 2, 3, 4, 5, 6];

/** The first of these tags that there is a language for: that language, and the variant of it to write numbers in. */
export const choose = (tags) => {
  for (const tag of tags) {
    try {
      const { language, baseName } = new Intl.Locale(tag);
      const known = LANGUAGES.find((known) => known.startsWith(language));
      if (known) return [known, baseName];
    } catch {
      // No language tag at all.
    }
  }
  return ["en", "en"];
};

const wordsAddress = (language) => new URL(`__PAIRLINK_WORDS__${language}.json`, import.meta.url);

const texts = {};

/** Fetches the strings of a language, once for all elements of the page; English where they do not come. */
export const words = (language) => {
  texts[language] ??= fetch(wordsAddress(language))
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error("words"))))
    .catch((error) => {
      delete texts[language];
      if (language === "en") throw error;
      return words("en");
    });
  return texts[language];
};

// Longer than this nobody waits for words in another language.
const PATIENCE_MS = 3_000;

/**
 * The first strings of a language alone, English where they do not come. They are a module, which pages may load whose
 * policy lets them fetch nothing.
 */
export const firstWords = (language) =>
  new Promise((settle) => {
    const timer = setTimeout(settle, PATIENCE_MS, ENGLISH);
    import(new URL(`__PAIRLINK_WORDS__${language}.js`, import.meta.url).href)
      .then((module) => settle(module.default))
      .catch(() => settle(ENGLISH))
      .finally(() => clearTimeout(timer));
  });
