from twisted.application.service import IServiceMaker
from twisted.internet import reactor
from twisted.plugin import IPlugin, getPlugins
from twisted.python.filepath import FilePath
from twisted.python.modules import getModule
from twisted.web import server, static
from twisted.web.client import Agent, readBody

print(sorted(each.tapname for each in getPlugins(IServiceMaker)), len(list(getPlugins(IPlugin))))
print(sorted(each.name for each in getModule("twisted.plugins").iterModules())[:3], getModule("twisted.web").filePath.basename())
directory = FilePath(getModule("sphinx").filePath.parent().path).child("themes").child("basic").child("static")
port = reactor.listenTCP(0, server.Site(static.File(directory.path)), interface="127.0.0.1")
asked = Agent(reactor).request(b"GET", b"http://127.0.0.1:%d/searchtools.js" % port.getHost().port)
asked.addCallback(lambda response: readBody(response).addCallback(lambda body: print(response.code, len(body) > 1000)))
asked.addErrback(print)
asked.addBoth(lambda result: reactor.stop())
reactor.callLater(20, reactor.stop)
reactor.run()
