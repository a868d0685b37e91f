package io.github.llmcache.cli;

/**
 * How text looks on a terminal that shows colours.
 */
enum Style {

	PLAIN(""), BOLD("1"), DIM("2"), RED("31"), GREEN("32"), YELLOW("33");

	private final String code;

	Style(String code) {
		this.code = code;
	}

	/**
	 * Return the text in this style.
	 * @param text the text, which holds no control characters
	 */
	String apply(String text) {
		return (this == PLAIN) ? text : "\u001b[" + this.code + "m" + text + "\u001b[0m";
	}

}
