import emoji

emoji.config.load_language("de")
print(emoji.emojize(":thumbs_up:"), emoji.demojize("\U0001f40d", language="de"), len(emoji.EMOJI_DATA))
