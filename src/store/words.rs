//! Words for codenames: easy to say, easy to type, and about nothing.

/// Two random words, such as `slate-kangaroo`.
pub(super) fn two() -> String {
    let pick = |words: &[&'static str]| words.get(fastrand::usize(..words.len())).copied().unwrap_or("case");
    format!("{}-{}", pick(&FIRST), pick(&SECOND))
}

/// Colours and other harmless qualities.
#[rustfmt::skip]
const FIRST: [&str; 168] = [
    "amber", "ample", "ancient", "apricot", "aqua", "arctic", "ash", "autumn", "azure", "balmy",
    "bamboo", "beige", "bold", "brave", "breezy", "bright", "brisk", "bronze", "burgundy", "calm",
    "candid", "cedar", "cerulean", "cheerful", "cherry", "chestnut", "chilly", "cinnamon", "citrus", "clear",
    "clever", "cobalt", "copper", "coral", "cosmic", "cozy", "cream", "crimson", "crisp", "curious",
    "cyan", "daring", "dawn", "deep", "denim", "dusky", "eager", "early", "ebony", "elder",
    "emerald", "fabled", "fair", "fancy", "fern", "fond", "fresh", "frosty", "gentle", "ginger",
    "glad", "golden", "grand", "granite", "grassy", "green", "happy", "hardy", "hazel", "honest",
    "honey", "humble", "hushed", "indigo", "ivory", "jade", "jolly", "keen", "khaki", "kind",
    "lavender", "leafy", "lemon", "light", "lilac", "lively", "loyal", "lucky", "lunar", "magenta",
    "mahogany", "maple", "marble", "maroon", "mellow", "merry", "mild", "mint", "misty", "modest",
    "mossy", "navy", "neat", "nimble", "noble", "oaken", "ocean", "ochre", "olive", "opal",
    "orange", "orchid", "patient", "peach", "pearl", "pine", "plum", "polite", "proud", "purple",
    "quick", "quiet", "rapid", "ruby", "russet", "rustic", "saffron", "sage", "sandy", "scarlet",
    "serene", "shiny", "silent", "silver", "sky", "slate", "snowy", "solar", "spruce", "steady",
    "steel", "stormy", "sturdy", "summer", "sunny", "swift", "tall", "tan", "teal", "tender",
    "tidy", "topaz", "tranquil", "turquoise", "umber", "velvet", "violet", "vivid", "warm", "wheat",
    "wild", "willow", "winter", "wise", "witty", "woven", "young", "zesty",
];

/// Animals and things.
#[rustfmt::skip]
const SECOND: [&str; 192] = [
    "acorn", "albatross", "alpaca", "anchor", "antelope", "apple", "arrow", "badger", "balloon", "barge",
    "basket", "beacon", "beaver", "beetle", "bell", "bison", "blossom", "bobcat", "boulder", "bramble",
    "bridge", "brook", "buffalo", "button", "cabin", "cactus", "camel", "canary", "candle", "canoe",
    "canyon", "caribou", "castle", "cedar", "cello", "chipmunk", "cloud", "clover", "comet", "compass",
    "condor", "coyote", "crane", "creek", "cricket", "dolphin", "donkey", "dove", "dragonfly", "eagle",
    "easel", "egret", "elk", "falcon", "feather", "fern", "ferry", "fiddle", "finch", "firefly",
    "fjord", "flamingo", "forest", "fossil", "fountain", "fox", "galaxy", "gazelle", "gecko", "geyser",
    "giraffe", "glacier", "goose", "gopher", "grove", "guitar", "harbor", "hare", "harp", "hawk",
    "hedgehog", "heron", "hill", "hippo", "ibex", "ibis", "iguana", "island", "jackal", "jaguar",
    "jay", "kangaroo", "kayak", "kestrel", "kettle", "kite", "kiwi", "koala", "ladder", "lagoon",
    "lake", "lantern", "lark", "lemur", "leopard", "lighthouse", "linnet", "lizard", "llama", "lobster",
    "lynx", "magpie", "mallard", "manatee", "marmot", "marten", "meadow", "meerkat", "meteor", "mitten",
    "moose", "mountain", "narwhal", "newt", "nightingale", "ocelot", "octopus", "orchard", "oriole", "osprey",
    "otter", "owl", "panda", "panther", "parrot", "pebble", "pelican", "penguin", "petrel", "pheasant",
    "piano", "pigeon", "pine", "plover", "pond", "pony", "prairie", "puffin", "puma", "quail",
    "quartz", "rabbit", "raccoon", "raven", "reef", "river", "robin", "rooster", "salmon", "sandpiper",
    "seal", "sparrow", "spoon", "squirrel", "starfish", "stork", "swan", "tapir", "teapot", "tern",
    "thimble", "thrush", "tiger", "toucan", "trout", "tulip", "turtle", "valley", "violin", "vole",
    "wallaby", "walnut", "walrus", "warbler", "whale", "willow", "wolf", "wombat", "woodpecker", "wren",
    "yak", "zebra",
];
