import langdetect

langdetect.DetectorFactory.seed = 0
print([langdetect.detect(text) for text in ("Dies ist ein Satz in einer Sprache", "Ceci est une phrase", "\u3053\u308c\u306f\u6587\u7ae0\u3067\u3059")])
print(len(langdetect.detector_factory._factory.langlist))
